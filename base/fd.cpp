#include "base/fd.hpp"

#include <unistd.h>

namespace base {

Fd::~Fd() {
  if (number_ >= 0) ::close(number_);
}

}  // namespace base
