#include "central/fleet/alert_book.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace kaiku::central::fleet {
namespace {

using nlohmann::json;
using survey::UtcSeconds;
using Key = std::pair<std::string, AlertKind>;

/// Notes what is found, and since when what was found is not any more.
void note(AlertBook& book, const std::vector<Finding>& findings, UtcSeconds now) {
    std::set<Key> found;
    for (const Finding& finding : findings) {
        const Key key{finding.device, finding.kind};
        found.insert(key);
        auto [place, is_new] = book.open.try_emplace(key);
        if (is_new) place->second.since = now;
        place->second.unit = finding.unit;
        place->second.detail = finding.detail;
        place->second.over_at.reset();
    }
    for (auto& [key, alert] : book.open) {
        if (!found.contains(key) && !alert.over_at) alert.over_at = now;
    }
    // What is over before anybody was told is nobody's business.
    std::erase_if(book.open,
                  [](const auto& each) { return each.second.over_at && !each.second.told_at; });
}

json time_of(const std::optional<UtcSeconds>& time) {
    return time ? json(time->time_since_epoch().count()) : json();
}

std::optional<UtcSeconds> time_from(const json& value) {
    if (value.is_null()) return std::nullopt;
    return UtcSeconds(std::chrono::seconds(value.get<std::int64_t>()));
}

json as_json(const Notice& notice) {
    return {{"device", notice.device}, {"kind", to_string(notice.kind)}, {"unit", notice.unit},
            {"detail", notice.detail}, {"since", time_of(notice.since)}, {"over", notice.over}};
}

/// Throws json::exception for what as_json() does not write.
std::optional<Notice> notice_from(const json& value) {
    const auto kind = alert_kind_from(value.at("kind").get<std::string>());
    const auto since = time_from(value.at("since"));
    if (!kind || !since) return std::nullopt;
    return Notice{
        value.at("device").get<std::string>(), *kind,  value.at("unit").get<std::string>(),
        value.at("detail").get<std::string>(), *since, value.at("over").get<bool>()};
}

json as_json(const std::map<std::string, Message>& owed) {
    json all = json::object();
    for (const auto& [messenger, message] : owed) {
        json notices = json::array();
        for (const Notice& each : message.notices) notices.push_back(as_json(each));
        all[messenger] = {{"notices", std::move(notices)}, {"more", message.more}};
    }
    return all;
}

/// False for what as_json() does not write, or a json::exception.
bool read_owed(const json& all, std::map<std::string, Message>& owed) {
    for (const auto& [messenger, value] : all.items()) {
        Message& message = owed[messenger];
        message.more = value.at("more").get<std::size_t>();
        for (const json& each : value.at("notices")) {
            auto notice = notice_from(each);
            if (!notice) return false;
            message.notices.push_back(std::move(*notice));
        }
    }
    return true;
}

}  // namespace

Message joined(Message earlier, const Message& later, std::size_t most) {
    for (const Notice& each : later.notices) {
        if (earlier.notices.size() < most) {
            earlier.notices.push_back(each);
        } else {
            ++earlier.more;
        }
    }
    earlier.more += later.more;
    return earlier;
}

AlertBook noted(AlertBook book, const std::vector<Finding>& findings, UtcSeconds now) {
    note(book, findings, now);
    return book;
}

Look look(AlertBook book, const std::vector<Finding>& findings, UtcSeconds now,
          const AlertPace& pace) {
    note(book, findings, now);
    if (book.told_at && now < *book.told_at + pace.between) return {std::move(book), {}};
    Message message;
    for (auto at = book.open.begin(); at != book.open.end();) {
        auto& [key, alert] = *at;
        const bool over = alert.over_at && now >= *alert.over_at + pace.settle;
        const bool begins = !alert.told_at && now >= alert.since + pace.settle;
        if (over || begins) {
            alert.told_at = now;
            const Notice notice{key.first, key.second, alert.unit, alert.detail, alert.since, over};
            if (message.notices.size() < pace.most) {
                message.notices.push_back(notice);
            } else {
                ++message.more;
            }
        }
        at = over ? book.open.erase(at) : std::next(at);
    }
    if (message.notices.empty()) return {std::move(book), {}};
    book.told_at = now;
    return {std::move(book), std::move(message)};
}

std::string encode_book(const AlertBook& book) {
    json open = json::array();
    for (const auto& [key, alert] : book.open) {
        open.push_back({{"device", key.first},
                        {"kind", to_string(key.second)},
                        {"unit", alert.unit},
                        {"detail", alert.detail},
                        {"since", time_of(alert.since)},
                        {"told_at", time_of(alert.told_at)},
                        {"over_at", time_of(alert.over_at)}});
    }
    return json{{"open", std::move(open)},
                {"told_at", time_of(book.told_at)},
                {"claimed_until", time_of(book.claimed_until)},
                {"owed", as_json(book.owed)}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<AlertBook> decode_book(std::string_view text) {
    try {
        const json object = json::parse(text);
        AlertBook book;
        book.told_at = time_from(object.at("told_at"));
        book.claimed_until = time_from(object.at("claimed_until"));
        const bool read = read_owed(object.value("owed", json::object()), book.owed);
        if (!read) return fail(Errc::corrupt, "fleet: the alerts cannot be read");
        for (const json& each : object.at("open")) {
            const auto kind = alert_kind_from(each.at("kind").get<std::string>());
            const auto since = time_from(each.at("since"));
            if (!kind || !since) return fail(Errc::corrupt, "fleet: the alerts cannot be read");
            book.open[{each.at("device").get<std::string>(), *kind}] = {
                each.at("unit").get<std::string>(), each.at("detail").get<std::string>(), *since,
                time_from(each.at("told_at")), time_from(each.at("over_at"))};
        }
        return book;
    } catch (const json::exception&) {
        return fail(Errc::corrupt, "fleet: the alerts cannot be read");
    }
}

}  // namespace kaiku::central::fleet
