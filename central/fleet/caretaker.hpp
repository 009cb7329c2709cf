#pragma once

#include <span>
#include <string>

#include "central/fleet/alert_book.hpp"
#include "central/fleet/fleet.hpp"
#include "central/fleet/messengers.hpp"
#include "locales/catalogue.hpp"

namespace kaiku::central::fleet {

/// How a caretaker works.
struct CaretakerOptions {
    std::string organiser;  ///< named in messages
    AlertRules rules{};
    AlertPace pace{};
    /// Of devices that no configuration gives others.
    std::string opening_hours = "mon-fri 08:00-16:00";
};

/// What the caretaker looks at and speaks through; all outlive it. Mailer and webhook may be
/// nothing: then alerts are kept and nobody is told.
struct CaretakerPorts {
    Store& store;
    ConfigStore& configs;
    WatchStore& watch;
    Mailer* mailer = nullptr;
    Webhook* webhook = nullptr;
    MinuteOfWeek minute_of;
    /// The county's day of a moment, "2026-11-22".
    std::function<std::string(survey::UtcSeconds)> day_of;
    std::span<const locales::Catalogue> words{};  ///< of mails, see mail_of()
};

/// The mean number of answers a day by weekday, Monday first, of the days `from` to before `to`
/// ("2026-11-22"); days without answers count. Nothing for a weekday of which fewer than three lie
/// there.
std::array<std::optional<double>, 7> daily_means(const std::map<std::string, std::int64_t>& days,
                                                 const std::string& from, const std::string& to);

/// One look after the whole fleet: judges every device in use, keeps the book, tells what is to be
/// told. A message that neither mailer nor webhook took is told again at the next look; of several
/// processes one tells. Errors are the stores'; messengers' are logged.
Status look_after(const CaretakerPorts& ports, const CaretakerOptions& options,
                  survey::UtcSeconds now);

}  // namespace kaiku::central::fleet
