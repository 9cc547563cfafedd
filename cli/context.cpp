#include "cli/context.hpp"

#include "base/error.hpp"

namespace cli {

GlobalOptions GlobalOptions::around(const GlobalOptions& inner) const {
  auto both = *this;
  both.quiet = quiet || inner.quiet;
  both.yes = yes || inner.yes;
  both.test_mode = test_mode || inner.test_mode;
  both.no_send = no_send || inner.no_send;
  both.no_colour = no_colour || inner.no_colour;
  if (!inner.smdp_ca.empty()) both.smdp_ca = inner.smdp_ca;
  both.no_input = true;  // standard input is the script's, or nobody's
  return both;
}

app::Session& CardInUse::session() {
  if (!session_) {
    session_ = app::open_session(world_, observer_, choice_);
    session_->set_recovered(app::recover(world_, observer_, *session_));
  }
  return *session_;
}

app::Session& Context::session_or(std::string_view without) const {
  try {
    return session();
  } catch (base::Error& error) {
    if (error.kind() == base::ErrorKind::card) error.hint(std::string(without));
    throw;
  }
}

}  // namespace cli
