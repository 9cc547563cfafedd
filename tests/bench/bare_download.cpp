#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include <curl/curl.h>

/// What requests cost that libcurl alone makes: bare_download URL CA SIZE…
///
/// Posts a body of each size over one connection, as an SM-DP+ takes it, and drops the answers.
int main(int argc, char** argv) {
  constexpr int first_size = 3;
  if (argc <= first_size || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return 2;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  curl_slist* headers = nullptr;
  for (const char* line : {"User-Agent: gsma-rsp-lpad", "X-Admin-Protocol: gsma/rsp/v2.3.0",
                           "Content-Type: application/json", "Expect:"}) {
    headers = curl_slist_append(headers, line);
  }
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owner(headers,
                                                                          curl_slist_free_all);
  const auto drop = [](char*, std::size_t size, std::size_t count, void*) { return size * count; };
  curl_easy_setopt(curl.get(), CURLOPT_URL, argv[1]);
  curl_easy_setopt(curl.get(), CURLOPT_CAINFO, argv[2]);
  curl_easy_setopt(curl.get(), CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION,
                   static_cast<std::size_t (*)(char*, std::size_t, std::size_t, void*)>(drop));
  for (int i = first_size; i < argc; ++i) {
    const std::string body(std::strtoul(argv[i], nullptr, 10), '{');
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
    if (curl_easy_perform(curl.get()) != CURLE_OK) return 1;
  }
  long connections = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_NUM_CONNECTS, &connections);
  return connections == 0 ? 0 : 1;  // the last request made none
}
