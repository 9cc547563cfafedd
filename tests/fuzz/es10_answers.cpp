#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lpa/es10_schema.hpp"

namespace {

/// An answer that can be read is written so that it reads the same.
template <tlv::Message T>
void check(base::ByteView octets) {
  base::Bytes written;
  try {
    written = tlv::encode(tlv::decode<T>(octets));
  } catch (const tlv::Malformed&) {
    return;
  }
  if (written.size() > tlv::max_size) return;
  if (tlv::encode(tlv::decode<T>(written)) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView octets(data, size);
  check<lpa::EuiccInfo1>(octets);
  check<lpa::EuiccInfo2>(octets);
  check<lpa::ConfiguredAddresses>(octets);
  check<lpa::RulesAuthorisationTable>(octets);
  check<lpa::EidResponse>(octets);
  check<lpa::ProfilesResponse>(octets);
  check<lpa::EnableResponse>(octets);
  check<lpa::DisableResponse>(octets);
  check<lpa::DeleteResponse>(octets);
  check<lpa::SetNicknameResponse>(octets);
  check<lpa::MemoryResetResponse>(octets);
  check<lpa::SetDefaultSmdpResponse>(octets);
  check<lpa::ListNotificationsResponse>(octets);
  check<lpa::RetrieveNotificationsResponse>(octets);
  check<lpa::RemoveNotificationResponse>(octets);
  check<lpa::LoadCrlResponse>(octets);
  check<lpa::InstallationResult>(octets);
  check<lpa::AuthenticateServerResponse>(octets);
  check<lpa::PrepareDownloadResponse>(octets);
  check<lpa::CancelSessionResponse>(octets);
  check<lpa::ProfileMetadata>(octets);
  check<lpa::ServerSigned1>(octets);
  check<lpa::SmdpSigned2>(octets);
  return 0;
}
