#include "central/web/survey_form.hpp"

#include <algorithm>

#include "survey/respondent_flow.hpp"
#include "survey/utf8.hpp"

namespace kaiku::central {
namespace {

using locales::Key;
using survey::Question;
using survey::QuestionKind;

constexpr std::string_view kCantSay = "cant_say";

std::string name_of(const Question& question) { return "a." + question.key; }
std::string id_of(const Question& question) { return "q-" + question.key; }

/// The answer as the form sends it; empty when there is none.
std::string value_of(const Question& question, const Draft& draft) {
    const survey::Answers& answers = draft.answers;
    switch (question.kind) {
        case QuestionKind::nps:
            return answers.nps ? std::to_string(*answers.nps) : std::string();
        case QuestionKind::statement: {
            if (answers.cant_say.contains(question.key)) return std::string(kCantSay);
            const auto found = answers.statements.find(question.key);
            return found == answers.statements.end() ? std::string()
                                                     : std::to_string(found->second);
        }
        case QuestionKind::choice: {
            const auto found = answers.choices.find(question.key);
            return found == answers.choices.end() ? std::string() : found->second;
        }
        case QuestionKind::open_text:
            return answers.text;
        case QuestionKind::contact:
            return draft.contact;
    }
    return {};
}

/// "0".."10" or "1".."5"; nothing for any other spelling.
std::optional<int> number_of(std::string_view text, int low, int high) {
    for (int value = low; value <= high; ++value) {
        if (text == std::to_string(value)) return value;
    }
    return std::nullopt;
}

void take_value(const Question& question, const std::string& value, Draft& draft) {
    survey::Answers& answers = draft.answers;
    switch (question.kind) {
        case QuestionKind::nps:
            answers.nps = number_of(value, 0, 10);
            return;
        case QuestionKind::statement:
            if (value == kCantSay && question.cant_say) answers.cant_say[question.key] = true;
            if (const auto rated = number_of(value, 1, 5)) {
                answers.statements[question.key] = *rated;
            }
            return;
        case QuestionKind::choice: {
            const auto& options = question.options;
            const bool known = std::any_of(options.begin(), options.end(),
                                           [&](const auto& option) { return option.key == value; });
            if (known) answers.choices[question.key] = value;
            return;
        }
        case QuestionKind::open_text:
            answers.text = value;
            return;
        case QuestionKind::contact:
            draft.contact = value;
            return;
    }
}

struct Drawing {
    const Draft& draft;
    const locales::Catalogue& words;
    const FieldErrors& errors;
    Html html;

    std::string in_language(const survey::LocalizedText& text) const {
        return text.in(draft.language);
    }

    /// Hint and error below a question; returns the ids that describe it.
    std::string describe(const Question& question, const std::string& hint) {
        std::string ids;
        if (!hint.empty()) {
            ids = id_of(question) + "-hint";
            html.element("p", hint, {{"class", "soft"}, {"id", ids}});
        }
        if (const auto wrong = errors.find(question.key); wrong != errors.end()) {
            const std::string id = id_of(question) + "-error";
            html.element("p", wrong->second, {{"class", "wrong"}, {"id", id}});
            ids += (ids.empty() ? "" : " ") + id;
        }
        return ids;
    }

    void radio(const Question& question, const std::string& value, const std::string& label) {
        std::vector<Attribute> attributes{
            {"type", "radio"}, {"name", name_of(question)}, {"value", value}};
        if (value_of(question, draft) == value) attributes.push_back({"checked", ""});
        html.open("label", {{"class", "choice"}}).empty("input", attributes);
        html.element("span", label).close("label");
    }

    /// Radios in a fieldset; the last one takes a choice back, which needs no script.
    void radios(const Question& question, const std::string& hint,
                const std::vector<std::pair<std::string, std::string>>& choices, bool scale) {
        // The description stands inside: some screen readers pass over aria-describedby here.
        html.open("fieldset", {{"id", id_of(question)}});
        html.element("legend", in_language(question.text));
        describe(question, hint);
        html.open("div", {{"class", scale ? "choices scale" : "choices"}});
        for (const auto& [value, label] : choices) radio(question, value, label);
        html.close("div").open("div", {{"class", "choices"}});
        radio(question, "", words[Key::web_no_answer]);
        html.close("div").close("fieldset");
    }

    void written(const Question& question, const std::string& hint) {
        html.open("div", {{"class", "field"}});
        html.element("label", in_language(question.text),
                     {{"class", "question"}, {"for", id_of(question)}});
        const std::string limit =
            words.format(Key::web_characters, {{"count", std::to_string(question.max_characters)}});
        const std::string ids = describe(question, hint.empty() ? limit : hint + " " + limit);
        std::vector<Attribute> attributes{{"id", id_of(question)},
                                          {"name", name_of(question)},
                                          {"rows", "5"},
                                          {"autocomplete", "off"},
                                          {"aria-describedby", ids}};
        if (errors.contains(question.key)) attributes.push_back({"aria-invalid", "true"});
        // A parser drops one line end after the tag: ours, not the visitor's.
        html.open("textarea", attributes).text("\n" + value_of(question, draft));
        html.close("textarea").close("div");
    }

    std::string hint_of(const Question& question) const {
        std::string hint = question.hint ? in_language(*question.hint) : std::string();
        if (question.low && question.high) {
            hint += (hint.empty() ? "" : " ") + std::string("0 = ") + in_language(*question.low) +
                    ", 10 = " + in_language(*question.high) + ".";
        }
        return hint;
    }

    void draw(const survey::Instrument& instrument, const Question& question) {
        std::vector<std::pair<std::string, std::string>> choices;
        switch (question.kind) {
            case QuestionKind::nps:
                for (int value = 0; value <= 10; ++value) {
                    choices.emplace_back(std::to_string(value), std::to_string(value));
                }
                return radios(question, hint_of(question), choices, true);
            case QuestionKind::statement:
                for (std::size_t i = 0; i < instrument.agreement.size(); ++i) {
                    choices.emplace_back(std::to_string(i + 1),
                                         in_language(instrument.agreement.at(i)));
                }
                if (question.cant_say) {
                    choices.emplace_back(kCantSay, words[Key::statement_cant_say]);
                }
                return radios(question, hint_of(question), choices, false);
            case QuestionKind::choice:
                for (const auto& option : question.options) {
                    choices.emplace_back(option.key, in_language(option.text));
                }
                return radios(question, hint_of(question), choices, false);
            case QuestionKind::open_text:
            case QuestionKind::contact:
                return written(question, hint_of(question));
        }
    }
};

/// Index of the question with this key; the number of questions when there is none.
std::size_t index_of(const survey::Instrument& instrument, std::string_view key) {
    const auto& questions = instrument.questions;
    const auto found = std::find_if(questions.begin(), questions.end(),
                                    [&](const Question& question) { return question.key == key; });
    return static_cast<std::size_t>(found - questions.begin());
}

bool asks_anything(const survey::Instrument& instrument, std::size_t page, const Draft& draft) {
    const std::size_t end = page_end(instrument, page);
    for (std::size_t i = page; i < end; ++i) {
        if (survey::is_asked(instrument, i, draft.answers)) return true;
    }
    return false;
}

}  // namespace

std::size_t page_end(const survey::Instrument& instrument, std::size_t page) {
    const auto& questions = instrument.questions;
    std::size_t end = page;
    while (end < questions.size()) {
        const auto& condition = questions[end].ask_if;
        if (condition && end > page && index_of(instrument, condition->question) >= page) break;
        ++end;
    }
    return end;
}

std::optional<std::size_t> next_page(const survey::Instrument& instrument, const Draft& draft) {
    const std::size_t count = instrument.questions.size();
    for (std::size_t page = page_end(instrument, draft.page); page < count;
         page = page_end(instrument, page)) {
        if (asks_anything(instrument, page, draft)) return page;
    }
    return std::nullopt;
}

std::size_t previous_page(const survey::Instrument& instrument, const Draft& draft) {
    std::size_t before = 0;
    for (std::size_t page = 0; page < draft.page; page = page_end(instrument, page)) {
        if (asks_anything(instrument, page, draft)) before = page;
    }
    return before;
}

Html draw_questions(const survey::Instrument& instrument, const Draft& draft,
                    const locales::Catalogue& words, const FieldErrors& errors) {
    Drawing drawing{draft, words, errors, {}};
    const std::size_t end = page_end(instrument, draft.page);
    for (std::size_t i = 0; i < instrument.questions.size(); ++i) {
        const Question& question = instrument.questions[i];
        const bool here =
            i >= draft.page && i < end && survey::is_asked(instrument, i, draft.answers);
        if (here) {
            drawing.draw(instrument, question);
        } else if (const std::string value = value_of(question, draft); !value.empty()) {
            drawing.html.hidden(name_of(question), value);
        }
    }
    return std::move(drawing.html);
}

void read_answers(const survey::Instrument& instrument, const Fields& fields, Draft& draft) {
    for (const Question& question : instrument.questions) {
        take_value(question, field(fields, name_of(question)), draft);
    }
}

FieldErrors check_texts(const survey::Instrument& instrument, const Draft& draft,
                        const locales::Catalogue& words) {
    FieldErrors errors;
    for (const Question& question : instrument.questions) {
        const bool is_text =
            question.kind == QuestionKind::open_text || question.kind == QuestionKind::contact;
        if (!is_text) continue;
        const std::size_t count = survey::count_code_points(value_of(question, draft));
        if (count > question.max_characters) {
            errors[question.key] = words.format(
                Key::web_too_long, {{"count", std::to_string(count)},
                                    {"limit", std::to_string(question.max_characters)}});
        }
    }
    return errors;
}

}  // namespace kaiku::central
