#include "survey/instrument.hpp"

#include <algorithm>

namespace kaiku::survey {
namespace {

bool verified_everywhere(const LocalizedText& text) {
    return std::all_of(text.entries.begin(), text.entries.end(),
                       [](const LocalizedText::Entry& entry) { return entry.verified; });
}

bool verified_everywhere(const std::optional<LocalizedText>& text) {
    return !text || verified_everywhere(*text);
}

bool verified_everywhere(const Question& question) {
    return verified_everywhere(question.text) && verified_everywhere(question.hint) &&
           verified_everywhere(question.low) && verified_everywhere(question.high) &&
           std::all_of(question.options.begin(), question.options.end(),
                       [](const ChoiceOption& option) { return verified_everywhere(option.text); });
}

}  // namespace

std::string_view to_string(QuestionKind kind) noexcept {
    switch (kind) {
        case QuestionKind::nps:
            return "nps";
        case QuestionKind::statement:
            return "statement";
        case QuestionKind::choice:
            return "choice";
        case QuestionKind::open_text:
            return "open_text";
        case QuestionKind::contact:
            return "contact";
    }
    return "unknown";
}

std::string_view to_string(Picture picture) noexcept {
    switch (picture) {
        case Picture::bear:
            return "bear";
        case Picture::rabbit:
            return "rabbit";
        case Picture::owl:
            return "owl";
        case Picture::house:
            return "house";
        case Picture::sun:
            return "sun";
        case Picture::balloon:
            return "balloon";
    }
    return "unknown";
}

bool Condition::holds(int answer) const noexcept {
    switch (comparison) {
        case Comparison::less_equal:
            return answer <= value;
        case Comparison::greater_equal:
            return answer >= value;
        case Comparison::equal:
            return answer == value;
        case Comparison::not_equal:
            return answer != value;
    }
    return false;
}

const Question* Instrument::find(std::string_view key) const noexcept {
    const auto found = std::find_if(questions.begin(), questions.end(),
                                    [key](const Question& q) { return q.key == key; });
    return found == questions.end() ? nullptr : &*found;
}

bool Instrument::fully_verified() const noexcept {
    const bool has_statement =
        std::any_of(questions.begin(), questions.end(),
                    [](const Question& q) { return q.kind == QuestionKind::statement; });
    // Without statements the labels of the faces are never shown.
    const bool labels = !has_statement ||
                        std::all_of(agreement.begin(), agreement.end(),
                                    [](const LocalizedText& t) { return verified_everywhere(t); });
    return labels && verified_everywhere(title) &&
           std::all_of(questions.begin(), questions.end(),
                       [](const Question& q) { return verified_everywhere(q); });
}

}  // namespace kaiku::survey
