#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "survey/response.hpp"

namespace kaiku::central::sample {

/// A response id made from a number, the same each time.
inline survey::ResponseId id(std::uint32_t number) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t index = 0; index < 4; ++index) {
        bytes.at(index) = static_cast<std::uint8_t>(number >> (8 * index));
    }
    return survey::ResponseId::from_random(bytes);
}

inline survey::UtcSeconds time(const char* text) {
    return survey::parse_rfc3339(text).value_or(survey::UtcSeconds{});
}

inline survey::Response response(std::uint32_t number, const std::string& unit = "a") {
    survey::Answers answers;
    answers.nps = 9;
    answers.statements["help"] = 5;
    answers.cant_say["safe"] = true;
    answers.choices["topic"] = "staff";
    answers.text = "Kiitos åäö";
    return survey::Response{.id = id(number),
                            .instrument = "quick-nps",
                            .version = 1,
                            .unit = unit,
                            .channel = survey::Channel::kiosk,
                            .language = survey::Language::fi,
                            .respondent = survey::RespondentKind::adult,
                            .assisted = false,
                            .answered_at = time("2026-11-22T10:00:00Z"),
                            .answers = answers,
                            .contact = {}};
}

}  // namespace kaiku::central::sample
