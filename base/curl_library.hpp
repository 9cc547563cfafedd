#pragma once

#include <curl/curl.h>
#include <openssl/types.h>

namespace base {

/// The functions that are used of libcurl, and the one of the libssl under it.
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_wakeup) multi_wakeup;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_url) url;
  decltype(&curl_url_set) url_set;
  decltype(&curl_url_get) url_get;
  decltype(&curl_url_cleanup) url_cleanup;
  decltype(&curl_free) free;
  void (*ssl_ctx_set_cert_verify_callback)(SSL_CTX* context,
                                           int (*callback)(X509_STORE_CTX* certificates,
                                                           void* argument),
                                           void* argument);
};

/// libcurl, opened when it is first asked for and kept (docs/decisions/libcurl-at-first-use.md).
/// Throws Error `http.no-library` (kind failure) when it is not there, or is not the one that uses
/// OpenSSL.
const CurlLibrary& curl_library();

}  // namespace base
