#include "carriers/against.hpp"

#include <optional>
#include <utility>

namespace carriers {
namespace {

void redirect(RequestSpec& request, const std::string& host) {
  constexpr std::size_t scheme = 8;  // "https://", which all of them begin with
  const auto& begins = request.url.beginning();
  request.url =
      request.url.beginning_with("https://" + host + begins.substr(begins.find('/', scheme)));
}

template <class Spec>
void redirect(std::optional<Spec>& spec, const std::string& host) {
  if constexpr (requires { spec->request; }) {
    if (spec) redirect(spec->request, host);
  } else {
    if (spec) redirect(*spec, host);
  }
}

}  // namespace

Provider against(Provider provider, const std::string& host) {
  provider.stands_for = std::move(provider.hosts);
  provider.hosts = {host};
  if (provider.login) {
    for (auto& step : provider.login->steps) {
      redirect(step.request, host);
      if (step.challenge) redirect(step.challenge->answer, host);
    }
    redirect(provider.login->refresh, host);
    redirect(provider.login->logout, host);
  }
  redirect(provider.lines, host);
  redirect(provider.usage, host);
  redirect(provider.balance, host);
  return provider;
}

}  // namespace carriers
