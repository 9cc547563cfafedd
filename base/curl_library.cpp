#include "base/curl_library.hpp"

#include "base/error.hpp"
#include "base/shared_library.hpp"

namespace base {
namespace {

constexpr auto file_name = "libcurl.so.4";
constexpr auto code = "http.no-library";
constexpr auto package = "libcurl4";

template <class Function>
void look_up(const SharedLibrary& library, const char* name, Function*& function) {
  function = library.find<Function>(name);
}

CurlLibrary open_library() {
  const auto library =
      needed_library(SharedLibrary::open, file_name, code, "ask a server", package);
  decltype(&curl_global_init) global_init = nullptr;
  CurlLibrary curl{};
  look_up(library, "curl_global_init", global_init);
  look_up(library, "curl_easy_init", curl.easy_init);
  look_up(library, "curl_easy_reset", curl.easy_reset);
  look_up(library, "curl_easy_setopt", curl.easy_setopt);
  look_up(library, "curl_easy_getinfo", curl.easy_getinfo);
  look_up(library, "curl_easy_strerror", curl.easy_strerror);
  look_up(library, "curl_easy_cleanup", curl.easy_cleanup);
  look_up(library, "curl_multi_init", curl.multi_init);
  look_up(library, "curl_multi_add_handle", curl.multi_add_handle);
  look_up(library, "curl_multi_remove_handle", curl.multi_remove_handle);
  look_up(library, "curl_multi_perform", curl.multi_perform);
  look_up(library, "curl_multi_poll", curl.multi_poll);
  look_up(library, "curl_multi_wakeup", curl.multi_wakeup);
  look_up(library, "curl_multi_info_read", curl.multi_info_read);
  look_up(library, "curl_multi_cleanup", curl.multi_cleanup);
  look_up(library, "curl_slist_append", curl.slist_append);
  look_up(library, "curl_slist_free_all", curl.slist_free_all);
  look_up(library, "curl_url", curl.url);
  look_up(library, "curl_url_set", curl.url_set);
  look_up(library, "curl_url_get", curl.url_get);
  look_up(library, "curl_url_cleanup", curl.url_cleanup);
  look_up(library, "curl_free", curl.free);
  // Searched for in libcurl and in what it is linked with: the libssl that makes its connections.
  look_up(library, "SSL_CTX_set_cert_verify_callback", curl.ssl_ctx_set_cert_verify_callback);
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    throw Error(ErrorKind::failure, code, "libcurl does not start");
  }
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary library = open_library();
  return library;
}

}  // namespace base
