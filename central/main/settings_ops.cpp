#include "central/main/settings_reader.hpp"

namespace kaiku::central {

Setters ops_setters(Reader& read, Settings& settings) {
    Setters all;
    all["log_format"] = [&](auto& key, auto& node) {
        const auto format = ops::log_format_from(node.template value_or<std::string>(""));
        if (!format) return read.complain(key, node, "must be \"text\" or \"json\"");
        settings.log.format = *format;
    };
    all["log_level"] = [&](auto& key, auto& node) {
        read.text(key, node, settings.log.level);
        if (!ops::check_log_level(settings.log.level)) {
            read.complain(key, node, "must be trace, debug, info, warn, error or off");
        }
    };
    all["log_requests"] = [&](auto& key, auto& node) {
        const std::string which = node.template value_or<std::string>("");
        if (which != "all" && which != "failures") {
            return read.complain(key, node, "must be \"all\" or \"failures\"");
        }
        settings.log.every_request = which == "all";
    };
    all["reuse_port"] = [&](auto& key, auto& node) {
        const auto value = node.template value_exact<bool>();
        if (!value) return read.complain(key, node, "must be true or false");
        settings.server.reuse_port = *value;
    };
    const auto keep = [&](const char* name, std::optional<std::chrono::days>& days) {
        all[std::string("retention.") + name] = [&read, &days](auto& key, auto& node) {
            std::int64_t count = 0;
            read.number(key, node, 0, 36'500, count);
            days = count == 0 ? std::nullopt : std::optional(std::chrono::days(count));
        };
    };
    keep("open_text_days", settings.retention.open_text);
    keep("contacts_days", settings.retention.contacts);
    keep("devices_days", settings.retention.devices);
    all["retention.hour"] = [&](auto& key, auto& node) {
        read.number(key, node, 0, 23, settings.retention_hour);
    };
    return all;
}

}  // namespace kaiku::central
