#include "cli/document_parts.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/documents.hpp"

namespace cli {
namespace {

constexpr std::size_t longest_text = 200;

}  // namespace

Document document(Json json) { return std::make_shared<const Json>(std::move(json)); }

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(base::clean(*text, longest_text)) : Json();
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json time_or_null(const std::optional<base::UtcTime>& time) {
  return time ? Json(base::to_rfc3339(*time)) : Json();
}

Json bytes_or_null(const std::optional<usage::DataSize>& size) {
  return size ? Json(size->bytes()) : Json();
}

void add_line_names(Json& object, const usage::Line& line) {
  object["iccid"] = text_or_null(line.iccid);
  object["eid"] = text_or_null(line.eid);
  object["msisdn"] = text_or_null(line.msisdn);
  object["imsi"] = text_or_null(line.imsi);
  object["id"] = text_or_null(line.provider_id);
}

Json faults_json(std::span<const app::PlanFault> faults) {
  auto all = Json::array();
  for (const auto& each : faults)
    all.push_back({{"account", each.account}, {"error", error_json(each.error)}});
  return all;
}

}  // namespace cli
