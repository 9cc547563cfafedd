#include "base/curl_library.hpp"

#include <string>

#include <dlfcn.h>

#include "base/error.hpp"

namespace base {
namespace {

constexpr auto file_name = "libcurl.so.4";

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorKind::failure, "http.no-library", "libcurl cannot be used: " + reason)
      .hint("install the package libcurl4");
}

template <class Function>
void look_up(void* library, const char* name, Function& function) {
  void* const symbol = dlsym(library, name);
  if (symbol == nullptr) fail(std::string("it has no ") + name);
  // POSIX says that this is how a pointer to an object becomes one to a function.
  function = reinterpret_cast<Function>(symbol);
}

CurlLibrary open_library() {
  void* const library = dlopen(file_name, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const reason = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc has one a thread
    fail(reason == nullptr ? file_name : reason);
  }
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
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) fail("it does not start");
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary library = open_library();
  return library;
}

}  // namespace base
