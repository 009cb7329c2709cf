#include "sync/heartbeat.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sync/envelope.hpp"

namespace kaiku::sync {
namespace {

using nlohmann::json;

constexpr std::int64_t kMostOfAll = 1'000'000'000'000;
constexpr std::size_t kMaxShortText = 64;

/// Reads the fields of one heartbeat; the first fault stays.
class Fields {
  public:
    explicit Fields(const json& object) : object_(object) {}

    void text(const char* name, std::size_t most, std::string& target) {
        const json* value = find(name);
        if (value == nullptr) return;
        if (!value->is_string() || value->get_ref<const std::string&>().size() > most) {
            return complain(name, "must be a text of at most " + std::to_string(most) + " bytes");
        }
        target = one_line(value->get_ref<const std::string&>());
    }
    void count(const char* name, std::int64_t& target) {
        const json* value = find(name);
        if (value == nullptr) return;
        const auto read = count_of(*value);
        if (!read) return complain(name, "must be a whole number, at least 0");
        target = *read;
    }
    void time(const char* name, std::optional<survey::UtcSeconds>& target) {
        const json* value = find(name);
        if (value == nullptr || value->is_null()) return;
        if (value->is_string()) {
            if (const auto read = survey::parse_rfc3339(value->get_ref<const std::string&>())) {
                target = *read;
                return;
            }
        }
        complain(name, "must be a time, as 2026-11-22T10:00:00Z");
    }
    void errors(std::map<std::string, std::int64_t>& target) {
        const json* value = find("errors");
        if (value == nullptr) return;
        if (!value->is_object() || value->size() > kMaxHeartbeatErrors) {
            return complain("errors", "must hold at most 16 counts");
        }
        for (const auto& item : value->items()) {
            const auto read = count_of(item.value());
            if (!read || !is_kind(item.key())) {
                return complain("errors", "must hold counts by names of a-z and _");
            }
            target[item.key()] = *read;
        }
    }
    const Status& status() const { return status_; }

  private:
    static std::optional<std::int64_t> count_of(const json& value) {
        if (!value.is_number_unsigned()) return std::nullopt;
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(kMostOfAll)) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    static bool is_kind(const std::string& name) {
        return !name.empty() && name.size() <= 32 &&
               std::all_of(name.begin(), name.end(),
                           [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    }
    const json* find(const char* name) {
        const auto found = object_.find(name);
        if (found != object_.end()) return &*found;
        complain(name, "missing");
        return nullptr;
    }
    void complain(const char* name, const std::string& what) {
        if (status_) status_ = fail(Errc::invalid, std::string("/heartbeat/") + name + ": " + what);
    }

    const json& object_;
    Status status_;
};

std::string cut(const std::string& text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

}  // namespace

std::string encode_heartbeat(const Heartbeat& heartbeat) {
    json last;
    if (heartbeat.last_answer) {
        last = survey::format_rfc3339(survey::floor_to_hour(*heartbeat.last_answer));
    }
    return seal_envelope(
        "heartbeat", {{"version", cut(heartbeat.version, kMaxShortText)},
                      {"free_mb", heartbeat.free_mb},
                      {"clock", survey::format_rfc3339(heartbeat.clock)},
                      {"waiting", heartbeat.waiting},
                      {"quarantined", heartbeat.quarantined},
                      {"last_answer", std::move(last)},
                      {"errors", heartbeat.errors},
                      {"config", heartbeat.config},
                      {"config_refused", heartbeat.config_refused},
                      {"config_trouble", cut(heartbeat.config_trouble, kMaxConfigTroubleBytes)}});
}

Result<Heartbeat> decode_heartbeat(std::string_view json_text) {
    const auto body = open_envelope(json_text, kMaxHeartbeatBytes, "heartbeat");
    if (!body) return tl::make_unexpected(body.error());
    if (!body->is_object() ||
        !has_only(*body, {"version", "free_mb", "clock", "waiting", "quarantined", "last_answer",
                          "errors", "config", "config_refused", "config_trouble"})) {
        return fail(Errc::invalid, "/heartbeat: must be an object of the fields that are known");
    }
    Heartbeat heartbeat;
    Fields read(*body);
    std::optional<survey::UtcSeconds> clock;
    read.text("version", kMaxShortText, heartbeat.version);
    read.count("free_mb", heartbeat.free_mb);
    read.time("clock", clock);
    read.count("waiting", heartbeat.waiting);
    read.count("quarantined", heartbeat.quarantined);
    read.time("last_answer", heartbeat.last_answer);
    read.errors(heartbeat.errors);
    read.text("config", kMaxShortText, heartbeat.config);
    read.text("config_refused", kMaxShortText, heartbeat.config_refused);
    read.text("config_trouble", kMaxConfigTroubleBytes, heartbeat.config_trouble);
    if (!read.status()) return tl::make_unexpected(read.status().error());
    if (!clock) return fail(Errc::invalid, "/heartbeat/clock: must be a time");
    heartbeat.clock = *clock;
    if (heartbeat.last_answer)
        heartbeat.last_answer = survey::floor_to_hour(*heartbeat.last_answer);
    return heartbeat;
}

std::string encode_heard(const std::string& config_version) {
    return seal_envelope("heard", {{"config", config_version}});
}

Result<std::string> decode_heard(std::string_view json_text) {
    const auto body = open_envelope(json_text, kMaxHeartbeatBytes, "heard");
    if (!body) return tl::make_unexpected(body.error());
    const bool fits = body->is_object() && body->size() == 1 && body->contains("config") &&
                      (*body)["config"].is_string() &&
                      (*body)["config"].get_ref<const std::string&>().size() <= kMaxShortText;
    if (!fits) return fail(Errc::invalid, "/heard: must hold exactly the configuration's version");
    return (*body)["config"].get<std::string>();
}

}  // namespace kaiku::sync
