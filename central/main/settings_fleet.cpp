#include <algorithm>

#include "central/main/settings_reader.hpp"
#include "sync/device_config.hpp"

namespace kaiku::central {
namespace {

void texts(Reader& read, const std::string& key, const toml::node& node,
           std::vector<std::string>& target) {
    target.clear();
    const toml::array* list = node.as_array();
    if (list != nullptr) {
        for (const auto& each : *list) target.push_back(each.value_or(std::string()));
    } else if (const auto one = node.value_exact<std::string>()) {
        target.push_back(*one);
    }
    const bool good = !target.empty() && std::ranges::none_of(target, &std::string::empty);
    if (!good) read.complain(key, node, "must be a list of addresses");
}

Setters messenger_setters(Reader& read, FleetSettings& fleet) {
    return {
        {"fleet.mail_server",
         [&](auto& key, auto& node) { read.text(key, node, fleet.mail.server); }},
        {"fleet.mail_user", [&](auto& key, auto& node) { read.text(key, node, fleet.mail.user); }},
        {"fleet.mail_password",
         [&](auto& key, auto& node) { read.text(key, node, fleet.mail.password); }},
        {"fleet.mail_from", [&](auto& key, auto& node) { read.text(key, node, fleet.mail.from); }},
        {"fleet.mail_to", [&](auto& key, auto& node) { texts(read, key, node, fleet.mail.to); }},
        {"fleet.webhook_url",
         [&](auto& key, auto& node) { read.text(key, node, fleet.webhook.url); }},
        {"fleet.webhook_secret",
         [&](auto& key, auto& node) { read.text(key, node, fleet.webhook.secret); }},
        {"fleet.ca_file",
         [&](auto& key, auto& node) {
             read.text(key, node, fleet.mail.ca_file);
             fleet.webhook.ca_file = fleet.mail.ca_file;
         }},
    };
}

}  // namespace

Setters fleet_setters(Reader& read, FleetSettings& fleet) {
    Setters all = messenger_setters(read, fleet);
    fleet::AlertRules& rules = fleet.caretaker.rules;
    fleet::AlertPace& pace = fleet.caretaker.pace;
    const auto number = [&read, &all](const char* name, std::int64_t low, std::int64_t high,
                                      auto& target) {
        all[name] = [&read, low, high, &target](auto& key, auto& node) {
            read.number(key, node, low, high, target);
        };
    };
    const auto minutes = [&read, &all](const char* name, std::int64_t low, std::int64_t high,
                                       std::chrono::minutes& target) {
        all[name] = [&read, low, high, &target](auto& key, auto& node) {
            std::int64_t value = target.count();
            read.number(key, node, low, high, value);
            target = std::chrono::minutes(value);
        };
    };
    number("fleet.min_free_mb", 0, 1'000'000, rules.min_free_mb);
    number("fleet.max_waiting", 0, 10'000'000, rules.max_waiting);
    minutes("fleet.silent_minutes", 10, 7 * 24 * 60, rules.silent);
    minutes("fleet.between_minutes", 0, 24 * 60, pace.between);
    minutes("fleet.settle_minutes", 0, 24 * 60, pace.settle);
    all["fleet.look_seconds"] = [&](auto& key, auto& node) {
        std::int64_t seconds = fleet.look.count();
        read.number(key, node, 1, 3600, seconds);
        fleet.look = std::chrono::seconds(seconds);
    };
    all["fleet.send_seconds"] = [&](auto& key, auto& node) {
        std::int64_t seconds = fleet.mail.deadline.count();
        read.number(key, node, 1, 60, seconds);
        fleet.mail.deadline = fleet.webhook.deadline = std::chrono::seconds(seconds);
    };
    all["fleet.min_version"] = [&](auto& key, auto& node) {
        read.text(key, node, rules.min_version);
    };
    all["fleet.opening_hours"] = [&](auto& key, auto& node) {
        read.text(key, node, fleet.caretaker.opening_hours);
        if (!sync::opening_week_from(fleet.caretaker.opening_hours)) {
            read.complain(key, node, "must be \"always\" or hours as \"mon-fri 08:00-16:00\"");
        }
    };
    return all;
}

}  // namespace kaiku::central
