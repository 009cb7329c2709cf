#pragma once

#include <span>
#include <string>
#include <vector>

#include "central/fleet/alert_book.hpp"
#include "central/fleet/messengers.hpp"
#include "locales/catalogue.hpp"

/// Messages about alerts, in words and for programs. Pure.
namespace kaiku::central::fleet {

/// In each language of `words`, one below the other; without any in English, as operators' log
/// lines are. The details of a finding are the log's English lines. No answers, no addresses.
Mail mail_of(const Message& message, const std::string& organiser,
             std::span<const locales::Catalogue> words = {});
/// A letter without an alert, for trying out that letters come; in each language of `words`.
Mail trial_mail(const std::string& organiser, std::span<const locales::Catalogue> words);
/// {"organiser","alerts":[{"device","unit","kind","state":"begun"|"over","since","detail"}…],"more"}
std::string json_of(const Message& message, const std::string& organiser);
/// The mail as it goes over SMTP (RFC 5322), dated `now`: headers and text, lines end with CR LF.
std::string mail_letter(const Mail& mail, const std::string& from,
                        const std::vector<std::string>& to, survey::UtcSeconds now);

}  // namespace kaiku::central::fleet
