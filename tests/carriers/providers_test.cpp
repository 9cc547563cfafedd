#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/read_file.hpp"
#include "carriers/against.hpp"
#include "carriers/provider_file.hpp"

namespace {

namespace fs = std::filesystem;

/// The files of the providers that esimctl comes with.
std::vector<fs::path> files() {
  std::vector<fs::path> all;
  for (const auto& each : fs::directory_iterator(ESIMCTL_TEST_TOP "/carriers/providers"))
    all.push_back(each.path());
  return all;
}

carriers::Provider provider(const fs::path& file) {
  return carriers::read_provider(base::read_file(file, 256UL * 1024).value(),
                                 file.filename().string());
}

}  // namespace

TEST_CASE("every provider's file is taken, and is called as the provider is") {
  CHECK(files().size() >= 17);
  for (const auto& file : files()) {
    CAPTURE(file);
    const auto made = provider(file);
    CHECK(file.extension() == ".json");
    CHECK(made.id == file.stem());
    CHECK_FALSE(made.title.empty());
    CHECK(made.checked.size() == 7);
  }
}

TEST_CASE("a provider that cannot be asked has a reason and another way, and only such a one") {
  std::size_t askable = 0;
  for (const auto& file : files()) {
    CAPTURE(file);
    const auto made = provider(file);
    CHECK(made.unavailable.empty() == made.alternatives.empty());
    CHECK(made.unavailable.empty() == (made.usage.has_value() || made.balance.has_value()));
    if (!made.unavailable.empty()) continue;
    ++askable;
    CHECK(made.poll_floor.count() > 0);
    CHECK(made.hosts.size() == 1);
    CHECK((made.evidence == carriers::Evidence::observed || !made.documentation.empty()));
  }
  CHECK(askable == 8);
}

TEST_CASE("a megabyte whose size nobody tells is spoken of") {
  for (const auto* id : {"emnify", "particle", "telnyx"}) {
    CAPTURE(id);
    const auto made =
        provider(fs::path(ESIMCTL_TEST_TOP "/carriers/providers") / (std::string(id) + ".json"));
    CHECK(made.usage->confidence.find("megabyte") != std::string::npos);
  }
}

TEST_CASE("the template that the documentation has is taken") {
  const auto page =
      base::read_file(ESIMCTL_TEST_TOP "/docs/adding-a-carrier.md", 256UL * 1024).value();
  const std::string fence = "```json example.json\n";
  const auto begin = page.find(fence) + fence.size();
  const auto made = carriers::read_provider(
      std::string_view(page).substr(begin, page.find("```", begin) - begin), "the template");
  CHECK(made.id == "example");
}

TEST_CASE("against another host, nothing goes to the provider's own") {
  for (const auto& file : files()) {
    CAPTURE(file);
    const auto made = carriers::against(provider(file), "localhost:8443");
    CHECK(made.hosts == std::vector<std::string>{"localhost:8443"});
    std::vector<carriers::RequestSpec> requests;
    const auto add = [&](const std::optional<carriers::RequestSpec>& request) {
      if (request) requests.push_back(*request);
    };
    if (made.login) {
      for (const auto& step : made.login->steps) {
        add(step.request);
        if (step.challenge) add(step.challenge->answer);
      }
      if (made.login->refresh) add(made.login->refresh->request);
      add(made.login->logout);
    }
    if (made.lines) add(made.lines->request);
    if (made.usage) add(made.usage->request);
    if (made.balance) add(made.balance->request);
    CHECK(requests.empty() == !made.unavailable.empty());
    for (const auto& request : requests)
      CHECK(request.url.beginning().starts_with("https://localhost:8443/"));
  }
}
