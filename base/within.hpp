#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace base {

/// Runs `work` on a thread of its own and gives its result, or nothing when `limit` is over first: for
/// calls into libraries that can wait for ever. The thread is then left behind with everything that
/// `work` holds, which must therefore be owned or shared, never borrowed. What `work` throws is thrown here.
template <class Work, class Result = std::invoke_result_t<Work>>
std::optional<Result> within(std::chrono::milliseconds limit, Work work) {
  std::packaged_task<Result()> task(std::move(work));
  auto result = task.get_future();
  std::thread(std::move(task)).detach();
  if (result.wait_for(limit) != std::future_status::ready) return std::nullopt;
  return result.get();
}

}  // namespace base
