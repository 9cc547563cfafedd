#include "base/no_dumps.hpp"

#include <sys/prctl.h>

namespace base {

NoDumps::NoDumps() : before_(::prctl(PR_GET_DUMPABLE)) { ::prctl(PR_SET_DUMPABLE, 0); }

NoDumps::~NoDumps() { ::prctl(PR_SET_DUMPABLE, before_); }

}  // namespace base
