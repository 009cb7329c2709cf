#pragma once

#include <memory>
#include <optional>

#include "central/main/settings.hpp"
#include "central/web/web.hpp"

namespace kaiku::central {

/// Central's sealing key, made on first use; nothing when no web survey is configured.
Result<std::optional<sync::KeyPair>> open_web_key(const Settings& settings);

/// The web survey of these settings, or nullptr without a key.
Result<std::unique_ptr<Web>> open_web(const Settings& settings, Service& service,
                                      const std::optional<sync::KeyPair>& key);

}  // namespace kaiku::central
