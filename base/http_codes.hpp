#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

/// What the failures of requests to servers mean: our own codes, and the numbers of libcurl,
/// OpenSSL and HTTP that lead to them. Needs none of the libraries.
namespace base {

/// A code of ours, `http.*` in docs/conventions.md, and what to do about it.
struct HttpMeaning {
  std::string_view code;
  std::string_view name;      ///< a few words
  std::string_view cause;     ///< one clause
  std::string_view advice;    ///< one clause
  std::array<int, 6> curl{};  ///< the CURLE_* that lead to it; filled up with 0
  std::array<int, 12> tls{};  ///< the X509_V_ERR_* that lead to it; filled up with 0

  [[nodiscard]] bool comes_of_curl(int number) const;  ///< false for 0
  [[nodiscard]] bool comes_of_tls(int number) const;   ///< false for 0
};

/// Every code of ours.
std::span<const HttpMeaning> http_meanings();
std::optional<HttpMeaning> http_meaning(std::string_view code);

/// A number of a library with its name and what it means.
struct LibraryCode {
  int number;
  std::string_view name;   ///< the library's
  std::string_view cause;  ///< one clause
};

/// The codes of libcurl (CURLE_*) that a request can meet.
std::span<const LibraryCode> curl_codes();

/// What OpenSSL's look at certificates can come to (X509_V_ERR_*).
std::span<const LibraryCode> tls_results();

/// A status of HTTP, and what it means when an RSP server or a proxy answers with it.
struct HttpStatus {
  int number;
  std::string_view name;    ///< that of RFC 9110
  std::string_view cause;   ///< one clause
  std::string_view advice;  ///< one clause, empty when there is none
};

/// Every status that is known by itself.
std::span<const HttpStatus> http_statuses();

/// Any other from 400 to 599 is known by its hundred, and keeps its own number.
std::optional<HttpStatus> http_status_meaning(int number);

}  // namespace base
