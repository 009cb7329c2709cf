#include "central/main/web_room.hpp"

#include <fstream>

#include "central/main/commands.hpp"
#include "sync/protocol.hpp"

namespace kaiku::central {
namespace {

/// The configured file, or the one beside the store; with a store elsewhere, in the data folder.
Result<std::filesystem::path> key_path(const Settings& settings, const std::filesystem::path& given,
                                       const char* ending) {
    if (!given.empty()) {
        return given;
    }
    const std::string address = store_address(settings);
    auto path = is_postgres(address) ? Result<std::filesystem::path>(data_folder() / "central")
                                     : store_path(address);
    if (path) {
        if (settings.organiser != kDefaultOrganiser) *path += "." + settings.organiser;
        *path += ending;
    }
    return path;
}

Result<survey::Instrument> read_instrument(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(survey::kMaxInstrumentBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return survey::load_instrument(text, file.string());
}

Result<std::vector<survey::Instrument>> read_instruments(const std::filesystem::path& folder) {
    std::vector<survey::Instrument> instruments;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        auto instrument = read_instrument(entry.path());
        if (!instrument) {
            return tl::make_unexpected(instrument.error());
        }
        instruments.push_back(std::move(*instrument));
    }
    if (failed) {
        return fail(Errc::io, folder.string() + ": " + failed.message());
    }
    return instruments;
}

}  // namespace

Status check_web_url(const Settings& settings) {
    if (settings.web_url.empty() || sync::is_web_address(settings.web_url)) {
        return {};
    }
    return fail(Errc::invalid, "web.url: '" + settings.web_url +
                                   "' is no public address; write it as "
                                   "https://palaute.example.fi, without a last slash");
}

Result<std::filesystem::path> sealing_key_path(const Settings& settings) {
    return key_path(settings, settings.web_key, ".key");
}

Result<OpenedKey> open_key_file(const Settings& settings) {
    const auto path = sealing_key_path(settings);
    if (!path) {
        return tl::make_unexpected(path.error());
    }
    std::error_code ignored;
    const bool is_new = !std::filesystem::exists(*path, ignored);
    auto ring = sync::Keyring::load_or_make(*path);
    if (!ring) {
        return tl::make_unexpected(ring.error());
    }
    return OpenedKey{std::make_unique<sync::Keyring>(std::move(*ring)),
                     is_new ? *path : std::filesystem::path()};
}

Result<OpenedSigningKey> open_signing_key(const Settings& settings) {
    const auto path = key_path(settings, settings.signing_key, ".signing.key");
    if (!path) {
        return tl::make_unexpected(path.error());
    }
    std::error_code ignored;
    const bool is_new = !std::filesystem::exists(*path, ignored);
    auto key = sync::SigningKey::load_or_make(*path);
    if (!key) {
        return tl::make_unexpected(key.error());
    }
    return OpenedSigningKey{std::move(*key), is_new ? *path : std::filesystem::path()};
}

Result<sync::SigningKey> existing_signing_key(const Settings& settings) {
    const auto path = key_path(settings, settings.signing_key, ".signing.key");
    if (!path) return tl::make_unexpected(path.error());
    auto key = sync::SigningKey::load(*path);
    if (!key) return tl::make_unexpected(key.error());
    if (*key) return std::move(**key);
    return fail(Errc::not_found, path->string() +
                                     ": is not there; run this as the user of kaiku-central serve, "
                                     "with its configuration");
}

Result<std::unique_ptr<Web>> open_web(const Settings& settings, Service& service,
                                      const sync::Opener& key) {
    if (settings.web_url.empty()) {
        return std::unique_ptr<Web>();
    }
    WebEnvironment environment;
    environment.now = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    environment.entropy = system_entropy();
    environment.instrument = settings.web_instrument;
    environment.unit_instruments = settings.web_unit_instruments;
    environment.https = settings.web_url.starts_with("https://");
    auto instruments = read_instruments(share_folder() / "instruments");
    if (!instruments) {
        return tl::make_unexpected(instruments.error());
    }
    environment.instruments = std::move(*instruments);
    for (const survey::Language language : survey::kLanguages) {
        auto words = locales::Catalogue::load(share_folder() / "locales", language);
        if (!words) {
            return tl::make_unexpected(words.error());
        }
        environment.words[static_cast<std::size_t>(language)] = std::move(*words);
    }
    return Web::make(service, key, std::move(environment));
}

}  // namespace kaiku::central
