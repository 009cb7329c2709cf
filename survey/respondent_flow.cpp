#include "survey/respondent_flow.hpp"

#include <algorithm>
#include <string>

#include "survey/utf8.hpp"

namespace kaiku::survey {
namespace {

/// The numeric answer to a question; nothing when it was skipped or answered "can't say".
std::optional<int> number_of(const Question& question, const Answers& answers) {
    if (question.kind == QuestionKind::nps) return answers.nps;
    if (question.kind != QuestionKind::statement) return std::nullopt;
    if (answers.cant_say.contains(question.key)) return std::nullopt;
    const auto found = answers.statements.find(question.key);
    if (found == answers.statements.end()) return std::nullopt;
    return found->second;
}

bool forget_answer(const Question& question, Answers& answers) {
    switch (question.kind) {
        case QuestionKind::nps:
            answers.nps.reset();
            return true;
        case QuestionKind::statement:
            answers.statements.erase(question.key);
            answers.cant_say.erase(question.key);
            return true;
        case QuestionKind::choice:
            answers.choices.erase(question.key);
            return true;
        case QuestionKind::open_text:
            answers.text.clear();
            return true;
        case QuestionKind::contact:
            return false;  // not part of the answers
    }
    return false;
}

const Question* find_kind(const Instrument& instrument, QuestionKind kind) {
    const auto found =
        std::find_if(instrument.questions.begin(), instrument.questions.end(),
                     [kind](const Question& question) { return question.kind == kind; });
    return found == instrument.questions.end() ? nullptr : &*found;
}

tl::unexpected<Error> wrong(const std::string& key, const std::string& what) {
    return fail(Errc::invalid, key + ": " + what);
}

Status check_numbers(const Instrument& instrument, const Answers& answers) {
    if (answers.nps) {
        if (find_kind(instrument, QuestionKind::nps) == nullptr)
            return wrong("nps", "the instrument does not ask it");
        if (*answers.nps < 0 || *answers.nps > 10) return wrong("nps", "must be 0–10");
    }
    for (const auto& [key, value] : answers.statements) {
        const Question* question = instrument.find(key);
        if (question == nullptr || question->kind != QuestionKind::statement)
            return wrong(key, "is not a statement of the instrument");
        if (value < 1 || value > 5) return wrong(key, "must be 1–5");
    }
    for (const auto& [key, value] : answers.cant_say) {
        const Question* question = instrument.find(key);
        if (question == nullptr || !question->cant_say)
            return wrong(key, "does not offer \"can't say\"");
        if (!value) return wrong(key, "\"can't say\" is either true or absent");
        if (answers.statements.contains(key))
            return wrong(key, "has a value and \"can't say\" at once");
    }
    return {};
}

}  // namespace

bool is_asked(const Instrument& instrument, std::size_t index, const Answers& answers) {
    // Conditions point to earlier questions only, so the walk ends.
    while (true) {
        KAIKU_ASSERT(index < instrument.questions.size());
        const auto& condition = instrument.questions[index].ask_if;
        if (!condition) return true;
        const Question* referred = instrument.find(condition->question);
        if (referred == nullptr) return false;
        const auto earlier = static_cast<std::size_t>(referred - instrument.questions.data());
        const std::optional<int> answer = number_of(*referred, answers);
        if (earlier >= index || !answer || !condition->holds(*answer)) return false;
        index = earlier;
    }
}

std::optional<std::size_t> first_question(const Instrument& instrument, const Answers& answers) {
    for (std::size_t i = 0; i < instrument.questions.size(); ++i)
        if (is_asked(instrument, i, answers)) return i;
    return std::nullopt;
}

std::optional<std::size_t> next_question(const Instrument& instrument, std::size_t index,
                                         const Answers& answers) {
    for (std::size_t i = index + 1; i < instrument.questions.size(); ++i)
        if (is_asked(instrument, i, answers)) return i;
    return std::nullopt;
}

std::optional<std::size_t> previous_question(const Instrument& instrument, std::size_t index,
                                             const Answers& answers) {
    for (std::size_t i = std::min(index, instrument.questions.size()); i-- > 0;)
        if (is_asked(instrument, i, answers)) return i;
    return std::nullopt;
}

Progress progress_at(const Instrument& instrument, std::size_t index, const Answers& answers) {
    Progress progress;
    for (std::size_t i = 0; i < instrument.questions.size(); ++i) {
        if (!is_asked(instrument, i, answers)) continue;
        ++progress.total;
        if (i <= index) ++progress.place;
    }
    return progress;
}

Answers prune_unasked(const Instrument& instrument, Answers answers) {
    // Judged on all answers first: forgetting one must not decide about the next.
    const Answers given = answers;
    for (std::size_t i = 0; i < instrument.questions.size(); ++i)
        if (!is_asked(instrument, i, given)) forget_answer(instrument.questions[i], answers);
    return answers;
}

Status check_answers(const Instrument& instrument, const Answers& answers) {
    if (Status numbers = check_numbers(instrument, answers); !numbers) return numbers;
    for (const auto& [key, option] : answers.choices) {
        const Question* question = instrument.find(key);
        if (question == nullptr || question->kind != QuestionKind::choice)
            return wrong(key, "is not a choice of the instrument");
        const bool known =
            std::any_of(question->options.begin(), question->options.end(),
                        [&chosen = option](const ChoiceOption& o) { return o.key == chosen; });
        if (!known) return wrong(key, "has no such option");
    }
    if (!answers.text.empty()) {
        const Question* question = find_kind(instrument, QuestionKind::open_text);
        if (question == nullptr) return wrong("text", "the instrument does not ask it");
        if (!is_valid_utf8(answers.text)) return wrong(question->key, "must be UTF-8");
        if (count_code_points(answers.text) > question->max_characters)
            return fail(Errc::too_large, question->key + ": must have at most " +
                                             std::to_string(question->max_characters) +
                                             " characters");
    }
    return {};
}

}  // namespace kaiku::survey
