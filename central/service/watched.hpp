#pragma once

#include "central/service/message.hpp"
#include "central/service/metrics.hpp"

namespace kaiku::central {

/// `handler` with every request timed, counted and logged under an id of its own, which the reply
/// names in X-Request-Id. `metrics` outlives it.
Handler watched(Handler handler, Metrics& metrics);

}  // namespace kaiku::central
