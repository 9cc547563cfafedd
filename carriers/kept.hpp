#pragma once

#include <optional>

#include "base/secret.hpp"
#include "carriers/sign_in.hpp"

/// Sessions and challenges as text, to be kept between runs.
namespace carriers {

base::Secret to_text(const Session& session);
base::Secret to_text(const Challenge& challenge);

/// Empty for what to_text has not made.
std::optional<Session> read_session(const base::Secret& text);
std::optional<Challenge> read_challenge(const base::Secret& text);

}  // namespace carriers
