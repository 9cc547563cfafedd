#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/es10b.hpp"
#include "lpa/es10c.hpp"
#include "lpa/identifiers.hpp"

/// What a server sends through the LPA to the card: handed on as it came, and read for what the LPA
/// has to know of it.
namespace lpa {

/// Who a server says it is (SGP.22 v2.5 5.6.1): elements as they came, one in each.
struct ServerAuthentication {
  base::Bytes signed1;
  base::Bytes signature1;
  base::Bytes issuer_key_id;  ///< euiccCiPKIdToBeUsed
  base::Bytes certificate;
};

/// What a server wants a download to be prepared by (SGP.22 v2.5 5.6.3): elements as they came.
struct ServerPreparation {
  base::Bytes signed2;
  base::Bytes signature2;
  base::Bytes certificate;
};

/// What is in `ServerAuthentication::signed1`.
struct ServerSigned1 {
  TransactionId transaction_id;
  Challenge card_challenge{};
  std::string server_address;
  Challenge server_challenge{};
};

/// What is in `ServerPreparation::signed2`.
struct SmdpSigned2 {
  TransactionId transaction_id;
  bool code_required = false;               ///< the user has to give a confirmation code
  std::optional<base::Bytes> one_time_key;  ///< of the card, when a package is bound to it already
};

/// What a profile says of itself before it is there (StoreMetadata, SGP.22 v2.5 5.5.3). Text is as
/// it came, valid UTF-8 or not.
struct ProfileMetadata {
  Iccid iccid;
  std::string provider;
  std::string name;
  std::optional<IconType> icon_type;
  std::optional<base::Bytes> icon;
  std::optional<ProfileClass> profile_class;
  std::optional<std::vector<NotificationConfiguration>> notifications;
  std::optional<Operator> owner;
  std::optional<BitString> policy_rules;

  /// A server that leaves it out means this.
  [[nodiscard]] ProfileClass class_or_default() const {
    return profile_class.value_or(ProfileClass::operational);
  }
  [[nodiscard]] bool has_rule(std::size_t rule) const {
    return policy_rules && policy_rules->has(rule);
  }
};

/// All of these throw Error `smdp.malformed-answer` (refused), which names the field.
ServerSigned1 read_server_signed1(base::ByteView octets);
SmdpSigned2 read_smdp_signed2(base::ByteView octets);
ProfileMetadata read_metadata(base::ByteView octets);

/// Whether two PendingNotifications (SGP.22 v2.5 5.7.10) tell of the same, whatever their
/// signatures are.
bool same_event(base::ByteView first, base::ByteView second);

/// AuthenticateServer (SGP.22 v2.5 5.7.13) of what the server sent, octet by octet.
base::Bytes authenticate_request(const ServerAuthentication& server,
                                 const DownloadContext& context);

/// PrepareDownload (SGP.22 v2.5 5.7.5), likewise; with `code_hash` when a confirmation code is
/// wanted (lpa/confirmation_code.hpp).
base::Bytes prepare_request(const ServerPreparation& server,
                            const std::optional<base::Bytes>& code_hash);

}  // namespace lpa
