#pragma once

#include "base/bytes.hpp"
#include "sim/state.hpp"

/// What a card tells of itself.
namespace sim {

base::Bytes pack(const PolicyRules& rules);  ///< PprIds, SGP.22 annex H
base::Bytes pack(const Owner& owner);        ///< the fields of OperatorId, SGP.22 annex H

base::Bytes euicc_info1(const State& state);           ///< BF20, SGP.22 5.7.8
base::Bytes euicc_info2(const State& state);           ///< BF22, SGP.22 5.7.8
base::Bytes rules_authorisation(const State& state);   ///< BF43, SGP.22 5.7.22
base::Bytes configured_addresses(const State& state);  ///< BF3C, SGP.22 5.7.3
base::Bytes isdr_fci(const State& state);              ///< 6F, ISO 7816-4 5.3.3 and SGP.22 5.7.1

}  // namespace sim
