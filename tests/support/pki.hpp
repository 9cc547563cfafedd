#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/openssl.hpp"
#include "lpa/issuers.hpp"

/// Certificates that a test makes for itself.
namespace test {

using Seconds = std::chrono::seconds;

/// A certificate issuer with its private key.
class Authority {
 public:
  explicit Authority(std::string common_name, std::string curve = "prime256v1");

  /// What the world knows of it. Borrows from this object.
  [[nodiscard]] lpa::Issuer facts() const;

  [[nodiscard]] const std::string& key_id() const { return key_id_; }
  [[nodiscard]] const std::string& subject() const { return subject_; }
  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }

  /// Another key under the name, and with the key identifier, of this one.
  [[nodiscard]] Authority impostor() const;

 private:
  std::string name_;
  std::string curve_;
  std::string subject_;
  base::KeyPtr key_;
  std::string point_;
  std::string key_id_;
};

/// A server's certificate and key, and what it sends after the certificate.
struct Identity {
  base::KeyPtr key;
  base::X509Ptr certificate;
  std::vector<base::X509Ptr> chain;
};

/// What a server's certificate says.
struct Wanted {
  std::vector<std::string> names = {"localhost"};
  Seconds valid_from = -std::chrono::hours(1);  ///< from now
  Seconds valid_until = std::chrono::hours(1);
  bool names_key = true;  ///< has an authority key identifier
};

/// A certificate of P-256 that `authority` signs.
Identity issue(const Authority& authority, const Wanted& wanted = {});

/// Likewise, by way of an authority in between.
Identity issue_by_sub_authority(const Authority& authority, const Wanted& wanted = {});

}  // namespace test
