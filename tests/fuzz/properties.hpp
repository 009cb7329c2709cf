#pragma once

#include <string_view>

/// What must hold for every input, whatever it is. The fuzzers and the replay of their corpus share
/// these. Each aborts (KAIKU_ASSERT) when a property does not hold.
namespace kaiku::fuzz {

void check_instrument(std::string_view input);
void check_wire(std::string_view input);
void check_masking(std::string_view input);

}  // namespace kaiku::fuzz
