#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lpa/card.hpp"
#include "lpa/recording.hpp"

namespace lpa {

/// A card that answers whole ES10 requests as a recording does, whatever program made that: any
/// logical channel, block size and order.
///
/// - The same request again gives the next answer that it had, and the last one for ever.
/// - A function that only reads may be asked in another form than was recorded: then the longest
///   answer of that function is given.
/// - An ISD-R can be selected that was selected in the recording; any, when none was.
/// - A recording without an EID has one made up of zeros, which `note` is told.
/// - What was not recorded is answered with 6A88.
std::unique_ptr<Card> lookup(const Recording& recording,
                             const std::function<void(const std::string&)>& note);

}  // namespace lpa
