// What Web shows: the form, the thanks, and the page for an unknown address.
#include "central/web/page.hpp"
#include "central/web/web.hpp"

namespace kaiku::central {
namespace {

using locales::Key;

const std::string& name_of(const Unit& unit, survey::Language language) {
    switch (language) {
        case survey::Language::sv:
            return unit.name_sv;
        case survey::Language::fi:
        case survey::Language::en:
            break;
    }
    return unit.name_fi;
}

void draw_languages(Html& html, const Words& all, survey::Language present) {
    html.open("div", {{"class", "row"},
                      {"role", "group"},
                      {"aria-label", all[static_cast<std::size_t>(present)][Key::web_language]}});
    for (const auto& catalogue : all) {
        const std::string code(survey::to_string(catalogue.language()));
        std::vector<Attribute> attributes{
            {"type", "submit"}, {"name", "to"}, {"value", code}, {"lang", code}};
        if (catalogue.language() == present) attributes.push_back({"aria-current", "true"});
        if (catalogue.language() == present) attributes.push_back({"class", "main"});
        html.element("button", catalogue[Key::language_name], attributes);
    }
    html.close("div");
}

void draw_hidden(Html& html, const Draft& draft, const survey::Instrument& instrument) {
    html.hidden("id", draft.id.text());
    html.hidden("instrument", instrument.id + "." + std::to_string(instrument.version));
    html.hidden("lang", survey::to_string(draft.language));
    html.hidden("page", std::to_string(draft.page));
    html.hidden("via", survey::to_string(draft.channel));
    html.hidden("respondent", survey::to_string(draft.respondent));
    html.hidden("assisted", draft.assisted ? "1" : "0");
}

}  // namespace

Reply Web::draw(const Visit& visit, int status, const FieldErrors& errors) const {
    const Draft& draft = visit.draft;
    const auto& said = words(draft.language);
    const bool last = page_end(*visit.instrument, draft.page) >= visit.instrument->questions.size();
    Html html;
    // Without autocomplete="off" a browser fills the form anew with what was sent when somebody
    // goes back: on a phone that is handed on, the next person would see it.
    html.open("form", {{"method", "post"},
                       {"action", std::string(Web::kPrefix) + visit.unit.code},
                       {"accept-charset", "utf-8"},
                       {"autocomplete", "off"}});
    // The Enter key presses the first button of a form: it must not be a language.
    html.element("button", said[Key::nav_send],
                 {{"class", "first"},
                  {"name", "go"},
                  {"value", "on"},
                  {"tabindex", "-1"},
                  {"aria-hidden", "true"}});
    draw_languages(html, environment_.words, draft.language);
    html.element("p", name_of(visit.unit, draft.language), {{"class", "soft"}});
    html.element("h1", visit.instrument->title.in(draft.language));
    if (!visit.notice.empty()) {
        html.element("div", visit.notice,
                     {{"class", visit.is_trouble ? "notice trouble" : "notice"},
                      {"role", visit.is_trouble ? "alert" : "status"}});
    }
    html.element("p", said[Key::attract_anonymous] + " " + said[Key::web_optional]);
    draw_hidden(html, draft, *visit.instrument);
    html.append(draw_questions(*visit.instrument, draft, said, errors));
    html.open("div", {{"class", "row"}});
    if (draft.page > 0) {
        html.element("button", said[Key::nav_back], {{"name", "go"}, {"value", "back"}});
    }
    html.element("button", said[last ? Key::nav_send : Key::nav_next],
                 {{"class", "main"}, {"name", "go"}, {"value", "on"}});
    html.close("div").close("form");
    const std::string title = (visit.is_trouble ? said[Key::web_not_sent] + " " : std::string()) +
                              visit.instrument->title.in(draft.language) + " – " +
                              name_of(visit.unit, draft.language);
    return html_page(status, draft.language, title, html);
}

Reply Web::thanks(const Unit& unit, survey::Language language) const {
    const auto& said = words(language);
    Html html;
    html.element("p", name_of(unit, language), {{"class", "soft"}});
    html.element("h1", said[Key::thanks_title]);
    html.element("p", said[Key::thanks_read]).element("p", said[Key::thanks_kept]);
    html.element("p", said[Key::web_close]);
    return html_page(200, language, said[Key::thanks_title], html);
}

Reply Web::sent_before(const Unit& unit, survey::Language language) const {
    const auto& said = words(language);
    Html html;
    html.element("p", name_of(unit, language), {{"class", "soft"}});
    html.element("h1", said[Key::web_sent_before]).element("p", said[Key::web_close]);
    return html_page(200, language, said[Key::web_sent_before], html);
}

Reply Web::busy() const {
    Reply reply = html_page(503, survey::Language::fi, "Kaiku",
                            Html().element("h1", words(survey::Language::fi)[Key::web_busy]));
    reply.headers.emplace_back("Retry-After", "10");
    return reply;
}

Reply Web::nothing_here() const {
    Html html;
    for (const auto& catalogue : environment_.words) {
        const std::string code(survey::to_string(catalogue.language()));
        const bool first = catalogue.language() == survey::Language::fi;
        html.open("section", {{"lang", code}});
        html.element(first ? "h1" : "h2", catalogue[Key::web_not_found_title]);
        html.element("p", catalogue[Key::web_not_found_lead]).close("section");
    }
    return html_page(404, survey::Language::fi,
                     words(survey::Language::fi)[Key::web_not_found_title] + " – " +
                         words(survey::Language::sv)[Key::web_not_found_title],
                     html);
}

}  // namespace kaiku::central
