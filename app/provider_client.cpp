#include "app/provider_client.hpp"

#include <array>
#include <utility>

#include <openssl/rand.h>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lpa/trust.hpp"

namespace app {

std::unique_ptr<base::HttpClient> client_for(const World& world, const carriers::Provider& provider,
                                             const std::string& ca) {
  base::HttpSettings settings{
      .anchors = base::SystemAnchors{}, .untrusted_hint = {}, .hosts = provider.hosts};
  if (!ca.empty())
    settings.anchors = lpa::http_trust(lpa::FileTrust{ca}, world.clock.utc()).anchors;
  return world.http(std::move(settings));
}

base::Secret random_value() {
  std::array<unsigned char, 16> octets{};
  if (RAND_bytes(octets.data(), octets.size()) != 1) {
    throw base::Error(base::ErrorKind::failure, "carrier.random",
                      "OpenSSL has no random numbers here");
  }
  return base::Secret(base::to_hex(octets));
}

}  // namespace app
