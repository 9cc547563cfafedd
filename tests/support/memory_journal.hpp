#pragma once

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "lpa/journal.hpp"

namespace test {

/// A journal that lasts as long as its object; the checks of tests/store/journal_test.cpp hold for
/// it as well.
class MemoryJournal final : public lpa::Journal {
 public:
  lpa::SessionId begin(const lpa::NewSession& session) override {
    sessions_.push_back({{static_cast<lpa::SessionId>(sessions_.size() + 1), session}, false});
    return sessions_.back().session.id;
  }

  void step(lpa::SessionId session, const lpa::DownloadStep& step) override {
    auto& last = at(session).session.last;
    auto next = step;
    if (last && next.transaction_id.empty()) next.transaction_id = last->transaction_id;
    if (last && next.bound_profile_package.empty())
      next.bound_profile_package = last->bound_profile_package;
    last = std::move(next);
  }

  void finish(lpa::SessionId session, lpa::DownloadOutcome, base::UtcTime) override {
    at(session).finished = true;
  }

  std::vector<lpa::OpenSession> open_sessions() override {
    std::vector<lpa::OpenSession> found;
    for (const auto& each : sessions_) {
      if (!each.finished) found.push_back(each.session);
    }
    return found;
  }

  void put(const lpa::OutboxNotification& notification) override {
    auto* known = kept(notification.eid, notification.sequence_number);
    if (known != nullptr) {
      if (known->notification.pending_notification == notification.pending_notification) return;
      if (!known->sent) throw base::Error(base::ErrorKind::failure, "store.conflict", "unsent");
      outbox_.erase(outbox_.begin() + (known - outbox_.data()));
    }
    outbox_.push_back({notification, false, false});
  }

  std::optional<lpa::OutboxNotification> find(const lpa::Eid& eid,
                                              std::uint64_t sequence_number) override {
    const auto* known = kept(eid, sequence_number);
    return known == nullptr ? std::nullopt : std::optional(known->notification);
  }

  bool sent(const lpa::Eid& eid, std::uint64_t sequence_number, base::UtcTime) override {
    auto* known = kept(eid, sequence_number);
    return known != nullptr && (known->sent = true);
  }

  bool removed(const lpa::Eid& eid, std::uint64_t sequence_number, base::UtcTime) override {
    auto* known = kept(eid, sequence_number);
    return known != nullptr && (known->removed = true);
  }

  std::vector<lpa::OutboxNotification> unsent() override {
    return those([](const Kept& each) { return !each.sent; });
  }

  std::vector<lpa::OutboxNotification> unremoved() override {
    return those([](const Kept& each) { return each.sent && !each.removed; });
  }

 private:
  struct Begun {
    lpa::OpenSession session;
    bool finished;
  };
  struct Kept {
    lpa::OutboxNotification notification;
    bool sent;
    bool removed;
  };

  Begun& at(lpa::SessionId session) { return sessions_.at(static_cast<std::size_t>(session - 1)); }

  Kept* kept(const lpa::Eid& eid, std::uint64_t number) {
    for (auto& each : outbox_) {
      if (each.notification.eid == eid && each.notification.sequence_number == number) return &each;
    }
    return nullptr;
  }

  template <class Test>
  std::vector<lpa::OutboxNotification> those(Test wanted) {
    std::vector<lpa::OutboxNotification> found;
    for (const auto& each : outbox_) {
      if (wanted(each)) found.push_back(each.notification);
    }
    return found;
  }

  std::vector<Begun> sessions_;
  std::vector<Kept> outbox_;
};

}  // namespace test
