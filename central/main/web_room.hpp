#pragma once

#include <memory>
#include <optional>

#include "central/main/settings.hpp"
#include "central/web/web.hpp"
#include "sync/keyring.hpp"

namespace kaiku::central {

/// Central's sealing keys, made on first use. Whoever loses it cannot open the answers that devices
/// closed for it.
struct OpenedKey {
    std::unique_ptr<sync::Opener> opener;  ///< of the file, or of the keyholder
    std::filesystem::path made;            ///< the file, if it was not there before
};
Result<OpenedKey> open_key_file(const Settings& settings);
/// Of the keyholder where one is configured, else of the file.
Result<OpenedKey> open_key(const Settings& settings);
/// Where the sealing keys are, without opening them.
Result<std::filesystem::path> sealing_key_path(const Settings& settings);

/// Central's key for signing what devices are answered, made on first use. Whoever loses it has to
/// enrol every device again.
struct OpenedSigningKey {
    sync::SigningKey key;
    std::filesystem::path made;  ///< the file, if it was not there before
};
Result<OpenedSigningKey> open_signing_key(const Settings& settings);
/// The same key, which must be there already.
Result<sync::SigningKey> existing_signing_key(const Settings& settings);

/// Errc::invalid for a web.url that is no public address.
Status check_web_url(const Settings& settings);
/// The web survey of these settings, or nullptr where none is configured.
Result<std::unique_ptr<Web>> open_web(const Settings& settings, Service& service,
                                      const sync::Opener& key);

}  // namespace kaiku::central
