#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace base {

/// Runs `work` on a thread of its own and gives its result, or nothing when `limit` is over first:
/// for calls into libraries that can wait for ever. The thread is then left behind with everything
/// that `work` holds, which must therefore be owned or shared, never borrowed; when it ends in
/// time, all that is let go before its result is here. What `work` throws is thrown here.
template <class Work, class Result = std::invoke_result_t<Work>>
std::optional<Result> within(std::chrono::milliseconds limit, Work work) {
  std::promise<Result> promise;
  auto result = promise.get_future();
  std::thread([promise = std::move(promise),
               held = std::optional<Work>(std::move(work))]() mutable {
    try {
      auto value = (*held)();
      held.reset();
      promise.set_value(std::move(value));
    } catch (...) {
      held.reset();
      promise.set_exception(std::current_exception());
    }
  }).detach();
  if (result.wait_for(limit) != std::future_status::ready) return std::nullopt;
  return result.get();
}

}  // namespace base
