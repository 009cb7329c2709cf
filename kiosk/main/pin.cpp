#include "kiosk/main/pin.hpp"

#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "survey/wire.hpp"
#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

constexpr int kFormat = 1;
constexpr std::size_t kMostBytes = 4096;
/// Argon2id: four passes over 32 MiB, above OWASP's least (two over 19 MiB); a small tablet bears
/// it.
constexpr unsigned long long kPasses = 4;
constexpr std::size_t kMemoryBytes = std::size_t{32} * 1024 * 1024;

constexpr int kFreeFailures = 2;
constexpr seconds kFirstDelay{5};
constexpr seconds kMostDelay{900};
/// A count that no honest device reaches; keeps a damaged file from overflowing.
constexpr int kMostFailures = 1'000'000;

struct Record {
    std::string hash;
    int failures = 0;
    survey::UtcSeconds locked_until{};
};

Error damaged(const std::filesystem::path& file) {
    return {Errc::malformed,
            file.string() + ": is damaged; set the PIN again: kaiku-kiosk --set-pin"};
}

Result<std::optional<Record>> load(const std::filesystem::path& file) {
    auto bytes = sync::read_private_file(file, kMostBytes);
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (!*bytes) return std::optional<Record>();
    const Json root = survey::is_safe_json(**bytes) ? Json::parse(**bytes, nullptr, false) : Json();
    if (!root.is_object() || root.value("format", Json()) != kFormat) {
        return tl::make_unexpected(damaged(file));
    }
    const auto hash = root.find("hash");
    const auto failures = root.find("failures");
    const auto until = root.find("locked_until_s");
    if (hash == root.end() || !hash->is_string() || failures == root.end() ||
        !failures->is_number_integer() || until == root.end() || !until->is_number_integer()) {
        return tl::make_unexpected(damaged(file));
    }
    Record record;
    record.hash = hash->get<std::string>();
    record.failures =
        static_cast<int>(std::clamp<std::int64_t>(failures->get<std::int64_t>(), 0, kMostFailures));
    record.locked_until = survey::UtcSeconds{seconds{until->get<std::int64_t>()}};
    return std::optional(std::move(record));
}

Status store(const std::filesystem::path& file, const Record& record) {
    if (auto made = sync::make_private_directory(file.parent_path()); !made) return made;
    const Json root{{"format", kFormat},
                    {"hash", record.hash},
                    {"failures", record.failures},
                    {"locked_until_s", record.locked_until.time_since_epoch().count()}};
    return sync::write_private_file(
        file, root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

seconds left(const Record& record, survey::UtcSeconds now) {
    return std::clamp(record.locked_until - now, seconds{0}, pin_delay(record.failures));
}

}  // namespace

seconds pin_delay(int failures) noexcept {
    if (failures <= kFreeFailures) return seconds{0};
    const int doublings = std::min(failures - kFreeFailures - 1, 20);
    return std::min(kFirstDelay * (1 << doublings), kMostDelay);
}

Status check_new_pin(std::string_view pin) {
    const bool digits =
        std::all_of(pin.begin(), pin.end(), [](char sign) { return sign >= '0' && sign <= '9'; });
    if (!digits || pin.size() < flow::kLeastPinDigits || pin.size() > flow::kMostPinDigits) {
        return fail(Errc::invalid, "a PIN has 4 to 12 digits and nothing else");
    }
    for (const int step : {-1, 0, 1}) {
        bool even = true;
        for (std::size_t i = 1; i < pin.size(); ++i) even = even && pin[i] - pin[i - 1] == step;
        if (even) {
            return fail(Errc::invalid, "that PIN is the first one anybody tries; take another");
        }
    }
    return {};
}

PinBook::PinBook(const std::filesystem::path& data_dir, Clock wall)
    : file_(data_dir / "staff.json"), wall_(std::move(wall)) {}

Result<bool> PinBook::is_set() const {
    auto record = load(file_);
    if (!record) return tl::make_unexpected(record.error());
    return record->has_value();
}

bool PinBook::set_aside() const noexcept {
    std::error_code error;
    std::filesystem::rename(file_, file_.string() + ".damaged", error);
    return !error;
}

Status PinBook::set(std::string_view pin) {
    if (auto good = check_new_pin(pin); !good) return good;
    if (sodium_init() < 0) return fail(Errc::io, "libsodium does not start");
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str(hash.data(), pin.data(), pin.size(), kPasses, kMemoryBytes) != 0) {
        return fail(Errc::full, "not enough memory to keep the PIN; 32 MiB are needed");
    }
    hash.resize(std::min(hash.find('\0'), hash.size()));
    return store(file_, {.hash = std::move(hash), .failures = 0, .locked_until = {}});
}

Result<flow::staff::PinChecked> PinBook::check(std::string_view pin) {
    using flow::staff::Verdict;
    auto loaded = load(file_);
    if (!loaded) return tl::make_unexpected(loaded.error());
    if (!*loaded) return fail(Errc::not_found, "no PIN is set; kaiku-kiosk --set-pin sets one");
    if (sodium_init() < 0) return fail(Errc::io, "libsodium does not start");
    Record record = std::move(**loaded);
    const survey::UtcSeconds now = wall_();
    if (const auto wait = left(record, now); wait.count() > 0) {
        return flow::staff::PinChecked{Verdict::locked, wait};
    }
    record.failures = std::min(record.failures + 1, kMostFailures);
    const auto delay = pin_delay(record.failures);
    record.locked_until = now + delay;
    if (auto counted = store(file_, record); !counted) return tl::make_unexpected(counted.error());
    if (crypto_pwhash_str_verify(record.hash.c_str(), pin.data(), pin.size()) != 0) {
        return flow::staff::PinChecked{Verdict::wrong, delay};
    }
    record.failures = 0;
    record.locked_until = {};
    if (auto kept = store(file_, record); !kept) return tl::make_unexpected(kept.error());
    return flow::staff::PinChecked{Verdict::opened, {}};
}

Result<std::chrono::milliseconds> PinBook::wait() const {
    auto record = load(file_);
    if (!record) return tl::make_unexpected(record.error());
    return std::chrono::milliseconds(*record ? left(**record, wall_()) : seconds{0});
}

}  // namespace kaiku::kiosk
