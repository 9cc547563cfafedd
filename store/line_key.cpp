#include "store/line_key.hpp"

namespace store {

std::string line_key(const usage::Line& line) {
  if (line.iccid) return "iccid:" + *line.iccid;
  if (line.provider_id) return "id:" + *line.provider_id;
  if (line.msisdn) return "msisdn:" + *line.msisdn;
  return line.eid ? "eid:" + *line.eid : "account";
}

}  // namespace store
