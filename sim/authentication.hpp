#pragma once

#include "lpa/tlv.hpp"
#include "sim/es10.hpp"
#include "sim/session.hpp"
#include "sim/state.hpp"

/// The ES10b functions that open and close an RSP session.
namespace sim {

Es10Answer get_challenge(const Session& session,
                         const tlv::Element& request);  ///< BF2E, SGP.22 5.7.7
Es10Answer authenticate_server(const State& state, const Session& session,
                               const tlv::Element& request);  ///< BF38, SGP.22 5.7.13
Es10Answer prepare_download(const State& state, const Session& session,
                            const tlv::Element& request);  ///< BF21, SGP.22 5.7.5
Es10Answer cancel_session(const State& state, const Session& session,
                          const tlv::Element& request);  ///< BF41, SGP.22 5.7.14

}  // namespace sim
