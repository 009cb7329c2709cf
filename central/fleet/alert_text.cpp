#include "central/fleet/alert_text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace kaiku::central::fleet {
namespace {

std::string counted(std::size_t count, const char* what) {
    return std::to_string(count) + " " + what;
}

locales::Key key_of(AlertKind kind) {
    switch (kind) {
        case AlertKind::silent:
            return locales::Key::alert_silent;
        case AlertKind::no_answers:
            return locales::Key::alert_no_answers;
        case AlertKind::full:
            return locales::Key::alert_full;
        case AlertKind::old_software:
            return locales::Key::alert_old_software;
    }
    return locales::Key::alert_silent;
}

void add_text(Mail& mail, const Message& message, const locales::Catalogue& words) {
    using locales::Key;
    if (!mail.text.empty()) mail.text += "\n";
    for (const Notice& each : message.notices) {
        mail.text += words.format(each.over ? Key::alert_over : Key::alert_begun,
                                  {{"what", words[key_of(each.kind)]},
                                   {"unit", each.unit},
                                   {"device", each.device},
                                   {"since", survey::format_rfc3339(each.since)}}) +
                     "\n    " + each.detail + "\n";
    }
    if (message.more > 0) {
        mail.text +=
            words.format(Key::alert_more, {{"count", std::to_string(message.more)}}) + "\n";
    }
}

/// RFC 2047: words of at most 75 letters, each of whole characters.
std::string encoded_words(const std::string& text) {
    if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) return text;
    constexpr std::size_t kMostBytes = 42;
    std::string all;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(at + kMostBytes, text.size());
        while (end < text.size() && end > at + 1 && (text[end] & '\xc0') == '\x80') --end;
        std::array<char, sodium_base64_ENCODED_LEN(kMostBytes, sodium_base64_VARIANT_ORIGINAL)>
            out{};
        sodium_bin2base64(out.data(), out.size(),
                          reinterpret_cast<const unsigned char*>(text.data() + at), end - at,
                          sodium_base64_VARIANT_ORIGINAL);
        all += (all.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + std::string(out.data()) + "?=";
        at = end;
    }
    return all;
}

/// "Mon, 23 Nov 2026 10:05:00 +0000" (RFC 5322, 3.3).
std::string mail_date(survey::UtcSeconds time) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::string iso = survey::format_rfc3339(time);  // 2026-11-23T10:05:00Z
    return std::string(kDays.at(std::chrono::weekday(day).c_encoding())) + ", " + iso.substr(8, 2) +
           " " + kMonths.at(static_cast<unsigned>(date.month()) - 1) + " " + iso.substr(0, 4) +
           " " + iso.substr(11, 8) + " +0000";
}

}  // namespace

Mail mail_of(const Message& message, const std::string& organiser,
             std::span<const locales::Catalogue> words) {
    const auto over = static_cast<std::size_t>(
        std::ranges::count_if(message.notices, [](const Notice& each) { return each.over; }));
    Mail mail;
    for (const locales::Catalogue& each : words) {
        mail.subject += mail.subject.empty() ? "Kaiku (" + organiser + "): " : " / ";
        mail.subject += each.format(locales::Key::alert_subject,
                                    {{"begun", std::to_string(message.notices.size() - over)},
                                     {"over", std::to_string(over)}});
        add_text(mail, message, each);
    }
    if (!words.empty()) return mail;
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

Mail trial_mail(const std::string& organiser, std::span<const locales::Catalogue> words) {
    Mail mail = mail_of({}, organiser, words);
    for (const locales::Catalogue& each : words) {
        mail.text += (mail.text.empty() ? "" : "\n") + each[locales::Key::alert_trial] + "\n";
    }
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
                        const std::vector<std::string>& to, survey::UtcSeconds now) {
    std::string recipients;
    for (const auto& each : to) recipients += (recipients.empty() ? "" : ", ") + each;
    std::string letter =
        "Date: " + mail_date(now) + "\r\nFrom: Kaiku <" + from + ">\r\nTo: " + recipients +
        "\r\nSubject: " + encoded_words(one_line(mail.subject)) +
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
