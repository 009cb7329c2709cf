#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "survey/instrument.hpp"
#include "survey/response.hpp"

namespace kaiku::survey {

/// Progress as a respondent sees it: 1-based place among the questions asked with these answers.
struct Progress {
    std::size_t place = 0;
    std::size_t total = 0;
    friend bool operator==(const Progress&, const Progress&) = default;
};

/// Whether a question is asked, given the answers so far. Chained conditions hold only if the
/// question they refer to is itself asked.
bool is_asked(const Instrument& instrument, std::size_t index, const Answers& answers);

/// Index of the first question asked after / before `index`; nothing at the end / the beginning.
/// `first_question` is nothing only if no question is asked at all.
std::optional<std::size_t> first_question(const Instrument& instrument, const Answers& answers);
std::optional<std::size_t> next_question(const Instrument& instrument, std::size_t index,
                                         const Answers& answers);
std::optional<std::size_t> previous_question(const Instrument& instrument, std::size_t index,
                                             const Answers& answers);
Progress progress_at(const Instrument& instrument, std::size_t index, const Answers& answers);

/// The answers without those to questions that are not asked in the end (a condition that was
/// true when they were given is no longer).
Answers prune_unasked(const Instrument& instrument, Answers answers);

/// Checks answers against their instrument: known keys, ranges, lengths. Error names the key.
Status check_answers(const Instrument& instrument, const Answers& answers);

}  // namespace kaiku::survey
