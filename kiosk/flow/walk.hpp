#pragma once

#include <string>
#include <vector>

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// One appearance of a screen: how it looks untouched, chosen, with the keyboard, and so on.
struct Appearance {
    std::string
        name;  ///< screen_name(), with ".chosen", ".more", ".more2" and so on, ".keyboard" or
               ///< ".symbols" where it varies
    State state;
};

/// Every screen the terminal can show with this set-up, made from the instrument and the Screen
/// enumeration, so that a new screen or question cannot be forgotten by what walks them.
std::vector<Appearance> every_appearance(const Setup& setup);

}  // namespace kaiku::flow
