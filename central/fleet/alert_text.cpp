#include "central/fleet/alert_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kaiku::central::fleet {
namespace {

std::string counted(std::size_t count, const char* what) {
    return std::to_string(count) + " " + what;
}

}  // namespace

Mail mail_of(const Message& message, const std::string& organiser) {
    const auto over = static_cast<std::size_t>(
        std::ranges::count_if(message.notices, [](const Notice& each) { return each.over; }));
    Mail mail;
    mail.subject = "Kaiku (" + organiser +
                   "): " + counted(message.notices.size() - over, "alerts, ") +
                   counted(over, "over");
    if (message.more > 0) mail.subject += ", " + counted(message.more, "more");
    for (const Notice& each : message.notices) {
        mail.text += std::string(each.over ? "over   " : "begun  ") +
                     std::string(to_string(each.kind)) + "  unit " + each.unit + "  device " +
                     each.device + "  since " + survey::format_rfc3339(each.since) + "\n       " +
                     each.detail + "\n";
    }
    if (message.more > 0)
        mail.text += counted(message.more, "more; see kaiku-central fleet alerts\n");
    return mail;
}

std::string json_of(const Message& message, const std::string& organiser) {
    nlohmann::ordered_json alerts = nlohmann::ordered_json::array();
    for (const Notice& each : message.notices) {
        alerts.push_back({{"device", each.device},
                          {"unit", each.unit},
                          {"kind", to_string(each.kind)},
                          {"state", each.over ? "over" : "begun"},
                          {"since", survey::format_rfc3339(each.since)},
                          {"detail", each.detail}});
    }
    return nlohmann::ordered_json{
        {"organiser", organiser}, {"alerts", std::move(alerts)}, {"more", message.more}}
        .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string mail_letter(const Mail& mail, const std::string& from,
                        const std::vector<std::string>& to) {
    std::string recipients;
    for (const auto& each : to) recipients += (recipients.empty() ? "" : ", ") + each;
    std::string letter =
        "From: Kaiku <" + from + ">\r\nTo: " + recipients +
        "\r\nSubject: " + one_line(mail.subject) +
        "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n";
    for (const char c : mail.text) {
        if (c == '\r') continue;
        if (c == '\n') letter += '\r';
        letter += c;
    }
    return letter;
}

}  // namespace kaiku::central::fleet
