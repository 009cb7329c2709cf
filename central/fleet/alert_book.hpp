#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "central/fleet/watch.hpp"

/// Which findings are told, when, and that they are over. Pure.
namespace kaiku::central::fleet {

/// One thing that is wrong, from its first finding until its end was told.
struct OpenAlert {
    std::string unit;
    std::string detail;
    survey::UtcSeconds since{};
    std::optional<survey::UtcSeconds> told_at{};
    std::optional<survey::UtcSeconds> over_at{};  ///< found no more since then
    friend bool operator==(const OpenAlert&, const OpenAlert&) = default;
};

/// One line of a message.
struct Notice {
    std::string device;
    AlertKind kind = AlertKind::silent;
    std::string unit;
    std::string detail;
    survey::UtcSeconds since{};
    bool over = false;
    friend bool operator==(const Notice&, const Notice&) = default;
};
struct Message {
    std::vector<Notice> notices;
    std::size_t more = 0;  ///< that no line is about; told all the same
    friend bool operator==(const Message&, const Message&) = default;
};

/// All that is remembered between two looks.
struct AlertBook {
    std::map<std::pair<std::string, AlertKind>, OpenAlert> open;  ///< by device and kind
    std::optional<survey::UtcSeconds> told_at{};                  ///< the last message
    /// Until when somebody is sending one; nobody else begins before that.
    std::optional<survey::UtcSeconds> claimed_until{};
    /// What one messenger took and this one, by its name, did not: tried again until it does.
    std::map<std::string, Message> owed{};
    friend bool operator==(const AlertBook&, const AlertBook&) = default;
};

/// How often somebody is told.
struct AlertPace {
    std::chrono::minutes between{15};  ///< two messages; what comes meanwhile waits for the next
    std::chrono::minutes settle{10};   ///< what is over within this was nothing, and the reverse
    std::size_t most = 50;             ///< lines of one message; the rest is counted
};

/// The book after a look, and what is to be told now: findings that have lasted `settle`, and ends
/// of what was told that have lasted as long; nothing within `between` of the last message. The
/// book takes what it hands out for told.
struct Look {
    AlertBook book;
    std::optional<Message> message;
};
Look look(AlertBook book, const std::vector<Finding>& findings, survey::UtcSeconds now,
          const AlertPace& pace);

/// The book that knows of the findings and of what is over, and told nothing.
AlertBook noted(AlertBook book, const std::vector<Finding>& findings, survey::UtcSeconds now);

/// Both in one, the earlier first; of more than `most` lines the rest is counted.
Message joined(Message earlier, const Message& later, std::size_t most);

/// As one JSON text, and back. Errc::corrupt for what encode_book() did not write.
std::string encode_book(const AlertBook& book);
Result<AlertBook> decode_book(std::string_view text);

}  // namespace kaiku::central::fleet
