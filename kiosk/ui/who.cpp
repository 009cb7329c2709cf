#include "kiosk/ui/options.hpp"
#include "kiosk/ui/question.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

Key label_of(survey::RespondentKind kind) {
    switch (kind) {
        case survey::RespondentKind::adult:
            return Key::who_adult;
        case survey::RespondentKind::youth:
            return Key::who_youth;
        case survey::RespondentKind::child:
            return Key::who_child;
        case survey::RespondentKind::relative:
            return Key::who_relative;
    }
    return Key::who_adult;
}

/// A wish that is on or off; the tick tells which, beside the frame.
Option wish(std::string id, const std::string& label, bool on, flow::Event event) {
    return {.id = std::move(id),
            .label = label,
            .selected = on,
            .event = std::move(event),
            .role = Role::button,
            .icon = on ? Icon::box_on : Icon::box_off};
}

}  // namespace

void draw_who(Canvas& canvas, Said& said) {
    const flow::Setup& setup = canvas.model.setup;
    const flow::State& state = canvas.model.state;
    const auto& words = canvas.model.said();
    std::vector<Option> options;
    for (const flow::Offer& offer : setup.people) {
        options.push_back({.id = "who." + std::string(survey::to_string(offer.kind)),
                           .label = words[label_of(offer.kind)],
                           .selected = state.respondent == offer.kind,
                           .event = flow::event::WhoChosen{offer.kind}});
    }
    if (setup.ask_assisted) {
        options.push_back(wish("who.assisted", words[Key::who_assisted], state.assisted,
                               flow::event::AssistedPressed{}));
    }
    if (flow::offers_plain(setup)) {
        options.push_back(
            wish("plain", words[Key::who_plain], state.plain, flow::event::PlainPressed{}));
    }
    const Frame frame = question_frame(canvas, said);
    draw_option_pages(canvas, frame, words[Key::who_title], options, {}, false, said);
}

}  // namespace kaiku::ui
