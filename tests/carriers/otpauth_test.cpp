#include "carriers/otpauth.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

namespace {

using carriers::OtpHash;

const std::string secret = "GEZDGNBVGY3TQOJQ";  // "1234567890"

carriers::Otpauth read(const std::string& text) {
  return carriers::read_otpauth(base::Secret(text));
}

std::string uri(const std::string& parameters, const std::string& label = "x") {
  return "otpauth://totp/" + label + "?" + parameters;
}

/// The reason for which a text is refused. Whatever it is, it shows nothing of a secret.
std::string why(const std::string& text) {
  const auto error = test::error_of([&] { read(text); });
  if (!error) return "none";
  CHECK(error->code() == "otp.malformed");
  CHECK(error->kind() == base::ErrorKind::usage);
  auto said = std::string(error->what());
  for (const auto& hint : error->hints()) said += hint;
  CHECK(said.find("GEZD") == std::string::npos);
  CHECK(said.find("gezd") == std::string::npos);
  CHECK(said.find("1234567890") == std::string::npos);
  return error->what();
}

bool says(const std::string& text, const std::string& part) {
  const auto reason = why(text);
  CAPTURE(reason);
  const auto found = reason.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("a URI is read with all that it says") {
  const auto read_one = read(
      "otpauth://totp/"
      "Roam%20well:alice%40example.com?secret=gezd%20gnbv-gy3t+qojq&issuer=Roam%20well"
      "&algorithm=SHA256&digits=8&period=60&image=https%3A%2F%2Fexample.com");
  CHECK(read_one.key.secret.reveal() == "1234567890");
  CHECK(read_one.key.hash == OtpHash::sha256);
  CHECK(read_one.key.digits == 8);
  CHECK(read_one.key.period == std::chrono::seconds(60));
  CHECK(read_one.issuer == "Roam well");
  CHECK(read_one.account == "alice@example.com");
}

TEST_CASE("what a URI does not say is as usual") {
  for (const auto& text : {uri("secret=" + secret), "OTPAUTH://TOTP/x?SECRET=" + secret, secret,
                           std::string(" gezd gnbv gy3t qojq\n")}) {
    CAPTURE(text);
    const auto plain = read(text);
    CHECK(plain.key.secret.reveal() == "1234567890");
    CHECK(plain.key.hash == OtpHash::sha1);
    CHECK(plain.key.digits == 6);
    CHECK(plain.key.period == std::chrono::seconds(30));
    CHECK(plain.issuer.empty());
  }
}

TEST_CASE("the issuer is that of the parameter, or else what stands before the account") {
  const auto names = [](const std::string& label, const std::string& issuer = "") {
    const auto all = read(uri("secret=" + secret + issuer, label));
    return all.issuer + "|" + all.account;
  };
  CHECK(names("alice") == "|alice");
  CHECK(names("Roamwell:%20alice") == "Roamwell|alice");
  CHECK(names("Roamwell%3Aalice") == "Roamwell|alice");
  CHECK(names("Roamwell:alice", "&issuer=Other") == "Other|alice");
  CHECK(names("alice", "&issuer=Roam+well") == "Roam well|alice");
  CHECK(names("a:b:alice", "&issuer=a:b") == "a:b|alice");
  CHECK(names("bob+roam@example.com") == "|bob+roam@example.com");
  CHECK(names("%E6%97%85") == "|旅");
  CHECK(names("") == "|");
}

TEST_CASE("a URI is written so that reading it gives the same again") {
  for (const auto& text :
       {secret, uri("secret=" + secret + "&algorithm=sha512&digits=7&period=300", "a:b%3Ac%20%25d"),
        uri("secret=" + secret, ":a:b"), uri("secret=" + secret + "&issuer=a%3Ab%26", "c:d"),
        uri("secret=" + secret + "ME", "%E6%97%85")}) {
    CAPTURE(text);
    const auto first = read(text);
    const auto written = carriers::to_text(first);
    const auto second = carriers::read_otpauth(written);
    CHECK(second.key.secret.reveal() == first.key.secret.reveal());
    CHECK(second.key.hash == first.key.hash);
    CHECK(second.key.digits == first.key.digits);
    CHECK(second.key.period == first.key.period);
    CHECK(second.issuer == first.issuer);
    CHECK(second.account == first.account);
    CHECK(carriers::to_text(second).reveal() == written.reveal());
  }
  CHECK(carriers::to_text(read(uri("secret=" + secret, "Roam%20well:alice"))).reveal() ==
        "otpauth://totp/Roam%20well:alice?secret=GEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30"
        "&issuer=Roam%20well");
}

TEST_CASE("what is no key for codes by time is refused, and never shown") {
  CHECK(says("otpauth://hotp/x?counter=0&secret=" + secret, "counted (hotp)"));
  CHECK(says("otpauth://yaotp/x?secret=" + secret, "not for codes by time"));
  CHECK(says("otpauth://?secret=" + secret, "not for codes by time"));
  CHECK(says("otpauth-migration://offline?data=" + secret, "a link of another kind"));
  CHECK(says("https://example.com/" + secret, "a link of another kind"));
  CHECK(says("", "no secret"));
  CHECK(says(uri("digits=6"), "no secret"));
  CHECK(says(uri("secret="), "no secret"));
  CHECK(says(secret + "1", "not in base32"));
  CHECK(says(secret + "A", "a character is missing"));
  CHECK(says(uri("secret=" + secret + "8"), "not in base32"));
  CHECK(says("GEZDGNBVGY3TQOI", "72 bits, and fewer than 80"));
  CHECK(says(std::string(208, 'A'), "more than 128 octets"));
  CHECK(says(std::string(4097, 'A'), "longer than 4096 octets"));
  CHECK(says(uri("secret=" + secret + "&secret=" + secret), "twice"));
  CHECK(says(uri("secret=" + secret + "&color=1&Color=2"), "twice"));
  CHECK(says(uri("secret=" + secret + "&algorithm=MD5"), "none of SHA1, SHA256 and SHA512"));
  CHECK(says(uri("secret=" + secret + "&digits=5"), "6 to 8 digits"));
  CHECK(says(uri("secret=" + secret + "&digits=9"), "6 to 8 digits"));
  CHECK(says(uri("secret=" + secret + "&digits=six"), "“digits” is no number"));
  CHECK(says(uri("secret=" + secret + "&digits=99999999999"), "“digits” is no number"));
  CHECK(says(uri("secret=" + secret + "&period=0"), "1 to 300 seconds"));
  CHECK(says(uri("secret=" + secret + "&period=301"), "1 to 300 seconds"));
  CHECK(says(uri("secret=" + secret + "&period=30s"), "“period” is no number"));
  CHECK(says(uri("secret=" + secret + "%2"), "a percent sign"));
  CHECK(says(uri("secret=" + secret, "%GG"), "a percent sign"));
  CHECK(says(uri("secret=" + secret, "%FF"), "no text in UTF-8"));
  CHECK(says(uri("secret=" + secret + "&issuer=%C0%80"), "no text in UTF-8"));
  CHECK(says(uri("secret=" + secret, std::string(257, 'a')), "more than 256 octets"));
  std::string many = "secret=" + secret;
  for (int i = 0; i < 32; ++i) many += "&p" + std::to_string(i) + "=";
  CHECK(says(uri(many), "more than 32 parameters"));
}
