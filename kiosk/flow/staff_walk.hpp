#pragma once

#include <vector>

#include "kiosk/flow/walk.hpp"

namespace kaiku::flow {

/// Every look of every staff page, with invented facts as long as real ones.
void add_staff_appearances(const Setup& setup, std::vector<Appearance>& found);

}  // namespace kaiku::flow
