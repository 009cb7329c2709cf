#pragma once

#include <map>
#include <string>

#include "central/web/form_data.hpp"
#include "central/web/html.hpp"
#include "locales/catalogue.hpp"
#include "survey/instrument.hpp"
#include "survey/response.hpp"

/// An instrument as a form without script: questions become fieldsets, and a question with a
/// condition comes on the page after the one that decides it.
namespace kaiku::central {

/// Everything a visitor has said so far; it travels in the form.
struct Draft {
    survey::ResponseId id;
    survey::Language language = survey::Language::fi;
    survey::Channel channel = survey::Channel::qr;
    survey::RespondentKind respondent = survey::RespondentKind::adult;
    bool assisted = false;
    survey::Answers answers{};
    std::string contact{};
    std::size_t page = 0;  ///< index of the page's first question
};

/// What is wrong with a field, by question key: a sentence.
using FieldErrors = std::map<std::string, std::string, std::less<>>;

/// First question of the page after the one that begins at `page`; the number of questions after
/// the last. A page ends before a question whose condition looks at a question of that page.
std::size_t page_end(const survey::Instrument& instrument, std::size_t page);
/// First question of the first page after `page` that asks something; nothing after the last.
std::optional<std::size_t> next_page(const survey::Instrument& instrument, const Draft& draft);
/// First question of the page before; `page` itself on the first.
std::size_t previous_page(const survey::Instrument& instrument, const Draft& draft);

/// The questions of the draft's page, and hidden fields for the answers of the others.
Html draw_questions(const survey::Instrument& instrument, const Draft& draft,
                    const locales::Catalogue& words, const FieldErrors& errors);

/// Reads the answers to every question out of a sent form. Values that the form does not offer are
/// passed over, as if nothing had been chosen; texts come whole, however long.
void read_answers(const survey::Instrument& instrument, const Fields& fields, Draft& draft);
/// Texts that are too long.
FieldErrors check_texts(const survey::Instrument& instrument, const Draft& draft,
                        const locales::Catalogue& words);

}  // namespace kaiku::central
