#pragma once

#include <string>

#include "app/asker.hpp"
#include "cli/context.hpp"

namespace cli {

/// Asks on the terminal.
class TerminalAsker final : public app::Asker {
 public:
  explicit TerminalAsker(const Context& context) : context_(context) {}

  [[nodiscard]] bool can_ask() const override;
  std::string text(const std::string& question) override;
  base::Secret secret(const std::string& question) override;
  std::size_t choice(const std::string& question,
                     std::span<const std::string_view> answers) override;
  std::vector<std::string> program(const std::string& question) override;
  void tell(const std::string& sentence) override;
  base::Secret code(const std::string& account, const carriers::Challenge& challenge) override;
  base::Secret passphrase(store::PassphraseFor purpose) override;

 private:
  const Context& context_;
};

}  // namespace cli
