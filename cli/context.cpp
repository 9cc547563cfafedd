#include "cli/context.hpp"

namespace cli {

app::Session& CardInUse::session() {
  if (!session_) {
    session_ = app::open_session(world_, observer_, choice_);
    session_->set_recovered(app::recover(world_, observer_, *session_));
  }
  return *session_;
}

}  // namespace cli
