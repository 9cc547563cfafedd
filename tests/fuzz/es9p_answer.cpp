#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "lpa/es11.hpp"
#include "lpa/es9p.hpp"
#include "tests/support/scripted_http.hpp"

/// The first octet tells the HTTP status, the others are the body with which a server answers each
/// function of ES9+ and ES11: its answer is taken, or refused with an Error of one of three codes.

namespace {

void attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    if (error.code() != "smdp.refused" && error.code() != "smdp.unreadable" &&
        error.code() != "smdp.http-status") {
      std::abort();
    }
  }
}

int status(std::uint8_t octet) {
  switch (octet % 4) {
    case 1:
      return 204;
    case 2:
      return 500;
    case 3:
      return 404;
    default:
      return 200;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  test::ScriptedHttp http({reinterpret_cast<const char*>(data) + 1, size - 1}, status(data[0]));
  lpa::Smdp smdp(http, "smdp.example.com", lpa::spoken_version);
  attempt([&] { smdp.initiate_authentication([] { return lpa::Challenge{}; }, {}); });
  const lpa::TransactionId session{1, 2, 3};
  attempt([&] { smdp.authenticate_client(session, {}); });
  attempt([&] { smdp.bound_profile_package(session, {}); });
  attempt([&] { smdp.cancel_session(session, {}); });
  attempt([&] { smdp.handle_notification({}); });
  lpa::Smds smds(http, "smds.example.com", lpa::spoken_version);
  attempt([&] { smds.authenticate_client(session, {}); });
  return 0;
}
