#pragma once

#include <string>

#include "survey/instrument.hpp"

namespace kaiku::test {

/// An instrument with every kind of question and a condition: nps, statement "help" (can't say),
/// choice "visit" (asked if nps ≤ 6), text (40 characters), contact.
const survey::Instrument& full_instrument();

/// nps and text only.
const survey::Instrument& short_instrument();

}  // namespace kaiku::test
