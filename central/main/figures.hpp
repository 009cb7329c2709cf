#pragma once

#include "central/http/server.hpp"
#include "central/main/settings.hpp"
#include "central/service/metrics.hpp"
#include "central/store/stores.hpp"

namespace kaiku::central {

/// Times all work with the stores, and tells of their disk and devices. Call before any store is
/// taken from `stores`, which must not change its place and outlive the reading of `metrics`.
void watch_store(Stores& stores, const Settings& settings, Metrics& metrics);

/// Tells of this process and its connections; `server` outlives the reading of `metrics`.
void watch_process(const Server& server, Metrics& metrics);

}  // namespace kaiku::central
