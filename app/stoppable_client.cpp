#include "app/stoppable_client.hpp"

#include <memory>
#include <utility>

namespace app {
namespace {

class StoppableClient final : public base::HttpClient {
 public:
  StoppableClient(std::unique_ptr<base::HttpClient> client, std::stop_token stop)
      : client_(std::move(client)), stop_(std::move(stop)) {}

  base::HttpResponse send(const base::HttpRequest& request) override {
    auto same = request;
    same.stop = stop_;
    return client_->send(same);
  }
  [[nodiscard]] base::HttpCounters counters() const override { return client_->counters(); }

 private:
  std::unique_ptr<base::HttpClient> client_;
  std::stop_token stop_;
};

}  // namespace

World stoppable(const World& world, const std::stop_token& stop) {
  World same = world;
  same.http = [make = world.http, stop](base::HttpSettings settings) {
    return std::make_unique<StoppableClient>(make(std::move(settings)), stop);
  };
  return same;
}

}  // namespace app
