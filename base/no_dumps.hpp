#pragma once

namespace base {

/// While it lives, no core dump is made of this process, and no other process of its user reads its
/// memory, its environment or its arguments (PR_SET_DUMPABLE, prctl(2)).
class NoDumps {
 public:
  NoDumps();
  ~NoDumps();
  NoDumps(const NoDumps&) = delete;
  NoDumps& operator=(const NoDumps&) = delete;
  NoDumps(NoDumps&&) = delete;
  NoDumps& operator=(NoDumps&&) = delete;

 private:
  int before_;
};

}  // namespace base
