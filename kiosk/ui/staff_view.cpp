#include <fmt/format.h>

#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

namespace {

using locales::Catalogue;
using locales::Key;

template <class Number>
std::string known(const Catalogue& words, const std::optional<Number>& number) {
    return number ? std::to_string(*number) : words[Key::staff_unknown];
}

/// Local date and time, "22.11.2026 14:05".
std::string shown_time(const Catalogue& words, const std::optional<survey::UtcSeconds>& time,
                       int utc_offset_min) {
    if (!time) return words[Key::staff_unknown];
    const auto local = *time + std::chrono::minutes{utc_offset_min};
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{local - day};
    return fmt::format("{}.{}.{} {:02}:{:02}", static_cast<unsigned>(date.day()),
                       static_cast<unsigned>(date.month()), static_cast<int>(date.year()),
                       clock.hours().count(), clock.minutes().count());
}

const std::string& clock_word(const Catalogue& words, flow::ClockState clock) {
    switch (clock) {
        case flow::ClockState::unknown:
            return words[Key::staff_unknown];
        case flow::ClockState::synchronised:
            return words[Key::staff_clock_good];
        case flow::ClockState::free_running:
            return words[Key::staff_clock_free];
    }
    return words[Key::staff_unknown];
}

/// Today's opening hours, "08:00–16:00".
std::string opening_today(const Canvas& canvas) {
    const Catalogue& words = canvas.model.said();
    const auto& opening = canvas.model.setup.opening;
    const flow::StaffFacts& facts = canvas.model.state.staff.facts;
    if (!opening) return words[Key::staff_opening_always];
    if (!facts.wall) return words[Key::staff_unknown];
    const auto local = *facts.wall + std::chrono::minutes{facts.utc_offset_min};
    const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(local)};
    return hours_words(canvas, opening->at(day.iso_encoding() - 1));
}

std::string or_unknown(const Catalogue& words, const std::string& text) {
    return text.empty() ? words[Key::staff_unknown] : text;
}

}  // namespace

const std::string& sound_words(const Canvas& canvas) {
    const Catalogue& words = canvas.model.said();
    switch (canvas.model.state.staff.facts.sound) {
        case flow::SoundState::unknown:
            return words[Key::staff_unknown];
        case flow::SoundState::present:
            return words[Key::staff_sound_good];
        case flow::SoundState::absent:
            return words[Key::staff_sound_none];
    }
    return words[Key::staff_unknown];
}

const std::string& link_words(const Catalogue& words, flow::LinkState link) {
    switch (link) {
        case flow::LinkState::unknown:
            return words[Key::staff_unknown];
        case flow::LinkState::good:
            return words[Key::staff_link_good];
        case flow::LinkState::not_enrolled:
            return words[Key::staff_link_not_enrolled];
        case flow::LinkState::unreachable:
            return words[Key::staff_link_unreachable];
        case flow::LinkState::not_accepted:
            return words[Key::staff_link_not_accepted];
        case flow::LinkState::revoked:
            return words[Key::staff_link_revoked];
        case flow::LinkState::forged:
            return words[Key::staff_link_forged];
    }
    return words[Key::staff_unknown];
}

void draw_staff_view(Canvas& canvas, Said& said) {
    const Catalogue& words = canvas.model.said();
    const flow::StaffFacts& facts = canvas.model.state.staff.facts;
    StaffList list;
    list.title = words[Key::staff_view_title];
    const auto fact = [&](const char* id, Key label, std::string value) {
        list.items.push_back(
            {std::string("staff.fact.") + id, words[label], std::move(value), std::nullopt});
    };
    fact("waiting", Key::staff_fact_waiting, known(words, facts.waiting));
    fact("refused", Key::staff_fact_refused, known(words, facts.refused));
    fact("sync", Key::staff_fact_sync, shown_time(words, facts.last_sync, facts.utc_offset_min));
    fact("link", Key::staff_fact_link, link_words(words, facts.link));
    fact("today", Key::staff_fact_today,
         words.format(Key::staff_today, {{"shown", std::to_string(facts.shown)},
                                         {"started", std::to_string(facts.started)},
                                         {"stored", std::to_string(facts.stored)}}));
    fact("unit", Key::staff_fact_unit, flow::unit_in_use(canvas.model.setup, canvas.model.state));
    fact("instrument", Key::staff_fact_instrument, or_unknown(words, facts.instrument));
    fact("verified", Key::staff_fact_wording,
         words[facts.verified ? Key::staff_wording_good : Key::staff_wording_open]);
    fact("opening", Key::staff_fact_opening, opening_today(canvas));
    fact("clock", Key::staff_fact_clock, clock_word(words, facts.clock));
    fact("time", Key::staff_fact_time, shown_time(words, facts.wall, facts.utc_offset_min));
    fact("free", Key::staff_fact_free,
         facts.free_mib ? std::to_string(*facts.free_mib) + " MiB" : words[Key::staff_unknown]);
    fact("certificate", Key::staff_fact_certificate, known(words, facts.certificate_days));
    fact("sound", Key::staff_fact_sound, sound_words(canvas));
    fact("version", Key::staff_fact_version, or_unknown(words, facts.version));
    fact("device", Key::staff_fact_device, or_unknown(words, facts.device));
    list.actions = {staff_button("staff.tools", words[Key::staff_tools_open],
                                 flow::staff::PageOpened{flow::StaffPage::tools}, Look::primary)};
    draw_staff_list(canvas, list, said);
}

}  // namespace kaiku::ui
