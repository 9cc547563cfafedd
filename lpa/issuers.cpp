#include "lpa/issuers.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace lpa {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds at(std::chrono::year_month_day day, std::chrono::seconds time) {
  return std::chrono::sys_days(day) + time;
}

/// GSMA's list of root certificates for SGP.22, the two test issuers of SGP.26, and the names of
/// those of the simulated card, which are no anchors.
constexpr std::array table = std::to_array<Issuer>({
    {"81370F5125D0B1D408D4C3B232E6D25E795BEBFB", "GSM Association - RSP2 Root CI1", false,
     "O=GSM Association\n"
     "CN=GSM Association - RSP2 Root CI1",
     "prime256v1",
     "049D6ABAD2F41C2317E76189EBF8DE89BB00A997D42D68FF5F5D29FCC8A7EAC799"
     "37E85FE65968BDB08DB81DA7BA72F3F8EF140F4494081515A3C7BA9FD5F54EE6",
     at(2052y / 2 / 21, 23h + 59min + 59s)},
    {"4C27967AD20C14B391E9601E41E604AD57C0222F", "OISTE GSMA CI G1", false,
     "C=CH\n"
     "O=OISTE Foundation\n"
     "CN=OISTE GSMA CI G1",
     "prime256v1",
     "04BD9DECDCF142E0D82B09C08C98727A0C9EBABB3007B8B72F8C99CE9FE4ED04D4"
     "E14BB6072C3C8709ADAFEC3FB34CFF974ED82A81C2E8079E8685AF44410438C4",
     at(2059y / 1 / 7, 23h + 17min + 38s)},
    {"CDF6D1C0A7B07F98A861B6E378B82F648D99663E", "CMCA eSIM Root CA_NIST", false,
     "C=CN\n"
     "O=CMCA\n"
     "CN=CMCA eSIM Root CA_NIST",
     "prime256v1",
     "0432DA8B48CA0D5CF5A341B4F662D1E9485F646387078F2E3496ED5286F5C92405"
     "27895BC9D257988108C686AC3E7C2064FA17BFA9F12DCD9221498B148A7D77A8",
     at(2052y / 9 / 5, 2h + 0min + 0s)},
    {"16704B7F351E3607F18C4B70005C3A003DFD414A", "Entrust eSIM Certification Authority", false,
     "C=US\n"
     "O=Entrust, Inc.\n"
     "OU=See www.entrust.net/legal-terms\n"
     "OU=(c) 2016 Entrust, Inc. - for authorized use only\n"
     "CN=Entrust eSIM Certification Authority",
     "prime256v1",
     "040773C061DE43559BD9FE039874C1C91E7F2162F726E810D54DFDD3C6BEF9B1DD"
     "96DF934C0ECAE1CE5C619FB9D58CFF860FDB69CC60B8F0E1F6E4142BA5A0DDAE",
     at(2051y / 10 / 16, 16h + 34min + 2s)},
    {"CD6E60B72D7A063CBC84625B91E80FE30406E13E", "MC4 OT ROOT CI v1", false,
     "C=FR\n"
     "O=OBERTHUR TECHNOLOGIES\n"
     "OU=TELECOM\n"
     "CN=MC4 OT ROOT CI v1",
     "prime256v1",
     "041DBFC66A3B77399C6E6834A49414040F894E77A3C63CB4AFB5F90CF79DAE6DDC"
     "B2E39B49C00780D1E1228B408BAC54FAB5C7D7916F87FF9990C8C4576805244F",
     at(2046y / 11 / 8, 23h + 59min + 59s)},
    {"16B5D16048E3EA02BD4B606E5F77A4BF20808D83", "China Unicom eSIM Root CA", false,
     "C=CN\n"
     "ST=JILIN\n"
     "L=CHANGCHUN\n"
     "OU=CUCA\n"
     "O=CU\n"
     "CN=China Unicom eSIM Root CA",
     "prime256v1",
     "045502401681B4C18EC82209DB5F91654658FA7D0803881A356F8CDECED69F3CDD"
     "3349AA2FA326FB0910033C466E2F47D11714BB96144495FD888FB071BFCB2506",
     at(2037y / 3 / 6, 17h + 0min + 0s)},
    {"B60F0B897FD630B88CFED6161F8EA808C5382AC3", "SubMan V4.2 CI Google Pixel", false,
     "CN= SubMan V4.2 CI Google Pixel\n"
     "O=Giesecke and Devrient GmbH\n"
     "OU=Mobile Security\n"
     "C=DE",
     "prime256v1",
     "047368ADF689B06CEA58D6B0C80865200BFD40BDBFF9BF51B14A2CA34EADFDD297"
     "D4C46BE42509E7569CBEFE530058502889A5F9DC0B6C59D5E5A3BEF16E99C316",
     at(2027y / 5 / 10, 0h + 0min + 0s)},
    {"EA53ADEF3329B9509AFD755FD448B82DC1BCECFF", "SubMan V4.2 CI", false,
     "C=DE\n"
     "CN=SubMan V4.2 CI\n"
     "O=Giesecke and Devrient\n"
     "OU=Mobile Security",
     "prime256v1",
     "04608825550AFDC1B5CE9703E9F2A320E437F4F02962F4C73E969AF72F06BD3E55"
     "40DD05A52DE5F819F0F81F7A612C1A9521AD7BC87B6D9AD85E4F18B42A812A84",
     at(2026y / 8 / 12, 13h + 51min + 48s)},
    {"F54172BDF98A95D65CBEB88A38A1C11D800A85C3", "SGP.26 Test CI (NIST P-256)", true,
     "CN=Test CI\n"
     "OU=TESTCERT\n"
     "O=RSPTEST\n"
     "C=IT",
     "prime256v1",
     "04940657A673DC288F89D52EA8A47704992791F9C34B0036E633E2D0CBA9454D65"
     "DB32EB17981799D2F24388EE2B95C1094546C97901CEAEBA9650919A2E20D229",
     at(2055y / 4 / 1, 8h + 27min + 51s)},
    {"C0BC70BA36929D43B467FF57570530E57AB8FCD8", "SGP.26 Test CI (brainpool P256r1)", true,
     "CN=Test CI\n"
     "OU=TESTCERT\n"
     "O=RSPTEST\n"
     "C=IT",
     "brainpoolP256r1",
     "042787B4D56ED824A9E6BE04E1887F6B98BAFEB8C763F52837F70113E9364EDDBE"
     "139BC0C7DE7E168F1E5CD0C18534FC5064E64F686DC53327CA7F1DCEA85A2994",
     at(2055y / 4 / 1, 8h + 27min + 51s)},
    {"1C7C5E2E3C5456BCD06AFDB7AB187CFB409C04A0", "esimctl-sim Test CI (NIST P-256)", true, "", "",
     "", at(2049y / 12 / 31, 23h + 59min + 59s)},
    {"ACD6368018DB28A51C88FCEE35A8DD2461B04B62", "esimctl-sim Test CI (brainpool P256r1)", true, "",
     "", "", at(2049y / 12 / 31, 23h + 59min + 59s)},
});

}  // namespace

std::span<const Issuer> issuers() { return table; }

std::optional<Issuer> find_issuer(const KeyId& key_id) {
  const auto* const found = std::ranges::find(table, base::to_hex(key_id), &Issuer::key_id);
  if (found == table.end()) return std::nullopt;
  return *found;
}

}  // namespace lpa
