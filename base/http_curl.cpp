#include "base/http_curl.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/curl_library.hpp"
#include "base/error.hpp"
#include "base/http_failure.hpp"
#include "base/http_target.hpp"
#include "base/http_transfer.hpp"
#include "base/openssl.hpp"
#include "base/pipe_signal.hpp"
#include "base/text.hpp"
#include "base/tls_report.hpp"

namespace base {
namespace {

constexpr auto look_every = std::chrono::milliseconds(100);  // at the clock and its limits
constexpr long kept_connections = 4;

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

std::size_t body_size(const HttpRequest& request) {
  if (const auto* const later = std::get_if<LaterBody>(&request.body)) return later->size;
  return std::get<Bytes>(request.body).size();
}

bool token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::usage, "http.unsendable", what);
}

void must_be_sendable(const HttpHeader& header) {
  const auto known = lower(header.name);
  if (!token(header.name) || known == "host" || known == "content-length" ||
      known == "transfer-encoding" || known == "expect") {
    refuse(fmt::format("a request cannot have the header “{}”", clean(header.name, 60)));
  }
  if (header.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    refuse(fmt::format("the header “{}” has more than one line", header.name));
}

void must_be_sendable(const HttpRequest& request) {
  if (!token(request.method)) refuse("the method of a request is no word");
  for (const auto& header : request.headers) must_be_sendable(header);
}

/// The headers as libcurl takes them.
class HeaderList {
 public:
  explicit HeaderList(const CurlLibrary& curl)
      : curl_(&curl), list_(nullptr, curl.slist_free_all) {}

  void add(const std::string& line) {
    auto* const longer = curl_->slist_append(list_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    [[maybe_unused]] auto* const same = list_.release();
    list_.reset(longer);
  }
  void add(const HttpHeader& header) {
    // Without a value libcurl would take it for a header to leave out.
    add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  [[nodiscard]] curl_slist* get() const { return list_.get(); }

 private:
  const CurlLibrary* curl_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> list_;
};

/// Looks at the certificates of each connection that a client makes.
struct Handshakes {
  const CurlLibrary* curl = nullptr;
  std::size_t begun = 0;
  TlsReport report;
};

HttpTransfer& transfer_of(void* data) { return *static_cast<HttpTransfer*>(data); }

int on_ready(void* data, char* address, char* /*local*/, int /*port*/, int /*local_port*/) {
  return transfer_of(data).ready(address);
}

std::size_t on_read(char* to, std::size_t size, std::size_t count, void* data) {
  return transfer_of(data).give(to, size * count);
}

std::size_t on_header(char* from, std::size_t size, std::size_t count, void* data) {
  return transfer_of(data).take_header({from, size * count});
}

std::size_t on_body(char* from, std::size_t size, std::size_t count, void* data) {
  return transfer_of(data).take_body({from, size * count});
}

int on_account(CURL* /*easy*/, curl_infotype type, char* text, std::size_t size, void* data) {
  if (type == CURLINFO_TEXT) transfer_of(data).read_account({text, size});
  return 0;
}

int on_certificates(X509_STORE_CTX* certificates, void* data) {
  const int good = X509_verify_cert(certificates);
  static_cast<Handshakes*>(data)->report = tls_report(certificates);
  return good;
}

CURLcode on_tls(CURL* /*easy*/, void* context, void* data) {
  auto& handshakes = *static_cast<Handshakes*>(data);
  ++handshakes.begun;
  handshakes.curl->ssl_ctx_set_cert_verify_callback(static_cast<SSL_CTX*>(context),
                                                    &on_certificates, data);
  return CURLE_OK;
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(HttpSettings settings, Clock& clock)
      : settings_(std::move(settings)), clock_(&clock) {}

  HttpResponse send(const HttpRequest& request) override {
    if (curl_ == nullptr) open();
    const HttpTarget target(*curl_, request.url, settings_.hosts);
    must_be_sendable(request);
    const PipeSignalBlocked no_signal;
    HeaderList headers(*curl_);
    HttpTransfer transfer(*curl_, easy_.get(), request, target, settings_, *clock_,
                          [&headers](const HttpHeader& header) {
                            must_be_sendable(header);
                            headers.add(header);
                          });
    transfer.must_go_on();
    curl_->easy_reset(easy_.get());
    handshakes_.report = {};
    set_up(request, target, transfer, headers);
    ++counters_.requests;
    const auto result = run(transfer, request.stop);
    if (transfer.thrown()) std::rethrow_exception(transfer.thrown());
    if (result == CURLE_FILESIZE_EXCEEDED) throw transfer.too_large();
    // A signature that does not hold leaves so much in OpenSSL's queue of errors that libcurl does
    // not find what it was about.
    if (result == CURLE_PEER_FAILED_VERIFICATION ||
        (result == CURLE_SSL_CONNECT_ERROR && handshakes_.report.result != X509_V_OK)) {
      throw tls_error(handshakes_.report, target.host(), settings_.untrusted_hint);
    }
    if (result != CURLE_OK) throw http_error(transfer.failure(result));
    long status = 0;
    curl_->easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    transfer.response().status = static_cast<int>(status);
    return std::move(transfer.response());
  }

  [[nodiscard]] HttpCounters counters() const override {
    auto all = counters_;
    all.handshakes = handshakes_.begun;
    return all;
  }

 private:
  void open() {
    const auto& curl = curl_library();
    easy_ = Easy(curl.easy_init(), curl.easy_cleanup);
    multi_ = Multi(curl.multi_init(), curl.multi_cleanup);
    if (!easy_ || !multi_) throw std::bad_alloc();
    handshakes_.curl = curl_ = &curl;
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    const auto result = curl_->easy_setopt(easy_.get(), option, value);
    if (result == CURLE_OK) return;
    throw Error(ErrorKind::failure, "http.no-library",
                fmt::format("libcurl cannot be used: it does not take option {}: {}",
                            static_cast<int>(option), curl_->easy_strerror(result)))
        .hint("install the package libcurl4");
  }

  void set_up(const HttpRequest& request, const HttpTarget& target, HttpTransfer& transfer,
              HeaderList& headers) {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // no waiting for a look-up of a name that was given up
    set(CURLOPT_CURLU, target.url());
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_MAXCONNECTS, kept_connections);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.limits.connect.count()));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(settings_.limits.body_bytes));
    set_up_tls();
    set_up_method(request, headers);
    for (const auto& header : request.headers) headers.add(header);
    set(CURLOPT_HTTPHEADER, headers.get());
    set_up_callbacks(transfer);
  }

  void set_up_tls() {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    // A chain ends in an anchor that is its own issuer, not somewhere on the way.
    set(CURLOPT_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NO_PARTIALCHAIN));
    if (const auto* const anchors = std::get_if<PemAnchors>(&settings_.anchors)) {
      curl_blob blob{};
      blob.data = const_cast<char*>(anchors->pem.data());  // libcurl only reads it
      blob.len = anchors->pem.size();
      blob.flags = CURL_BLOB_COPY;
      set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
      set(CURLOPT_CAINFO_BLOB, &blob);
    }
    set(CURLOPT_SSL_CTX_FUNCTION, &on_tls);
    set(CURLOPT_SSL_CTX_DATA, &handshakes_);
  }

  void set_up_method(const HttpRequest& request, HeaderList& headers) {
    headers.add("Expect:");
    if (has_body(request)) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_size(request)));
      // Sent only if the request names one itself.
      const bool typed = std::ranges::any_of(
          request.headers, [](const auto& header) { return lower(header.name) == "content-type"; });
      if (!typed) headers.add("Content-Type:");
    } else if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else {
      set(CURLOPT_HTTPGET, 1L);
    }
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  void set_up_callbacks(HttpTransfer& transfer) {
    set(CURLOPT_PREREQFUNCTION, &on_ready);
    set(CURLOPT_PREREQDATA, &transfer);
    set(CURLOPT_READFUNCTION, &on_read);
    set(CURLOPT_READDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, &transfer);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_DEBUGFUNCTION, &on_account);
    set(CURLOPT_DEBUGDATA, &transfer);
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_ERRORBUFFER, transfer.explanation());
  }

  /// Moves the transfer along until it has ended, a limit is reached, or it is called off.
  CURLcode run(HttpTransfer& transfer, const std::stop_token& stop) {
    multi_must(curl_->multi_add_handle(multi_.get(), easy_.get()));
    const std::unique_ptr<CurlClient, void (*)(CurlClient*)> leave(
        this, [](CurlClient* self) { self->leave(); });
    const std::stop_callback wake(stop, [this] { curl_->multi_wakeup(multi_.get()); });
    for (;;) {
      int running = 0;
      multi_must(curl_->multi_perform(multi_.get(), &running));
      if (running == 0) break;
      transfer.must_go_on();
      multi_must(curl_->multi_poll(multi_.get(), nullptr, 0, static_cast<int>(look_every.count()),
                                   nullptr));
    }
    int left = 0;
    const auto* const message = curl_->multi_info_read(multi_.get(), &left);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
  }

  /// Takes the transfer out, whether it ended or not, and counts it.
  void leave() {
    long made = 0;
    long request_bytes = 0;
    long header_bytes = 0;
    curl_off_t up = 0;
    curl_off_t down = 0;
    curl_->easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &made);
    curl_->easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_->easy_getinfo(easy_.get(), CURLINFO_HEADER_SIZE, &header_bytes);
    curl_->easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &up);
    curl_->easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &down);
    counters_.connections += static_cast<std::size_t>(made);
    counters_.sent_bytes += static_cast<std::uint64_t>(request_bytes + up);
    counters_.received_bytes += static_cast<std::uint64_t>(header_bytes + down);
    curl_->multi_remove_handle(multi_.get(), easy_.get());
  }

  static void multi_must(CURLMcode result) {
    if (result == CURLM_OK) return;
    throw Error(ErrorKind::failure, "http.no-library",
                fmt::format("libcurl cannot be used: code {}", static_cast<int>(result)));
  }

  HttpSettings settings_;
  Clock* clock_;
  const CurlLibrary* curl_ = nullptr;
  // Before the handles: a connection that ends with them still points here.
  Handshakes handshakes_;
  Multi multi_{nullptr, nullptr};
  Easy easy_{nullptr, nullptr};
  HttpCounters counters_;
};

}  // namespace

std::unique_ptr<HttpClient> curl_client(HttpSettings settings, Clock& clock) {
  return std::make_unique<CurlClient>(std::move(settings), clock);
}

}  // namespace base
