#include "tests/ui/stage.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

#include "kiosk/ui/dump.hpp"
#include "kiosk/ui/theme.hpp"
#include "kiosk/ui/widgets.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::test {

namespace {

std::string glyphs_of(const survey::Instrument& instrument,
                      const std::array<locales::Catalogue, survey::kLanguages.size()>& words) {
    std::string glyphs;
    for (const auto& catalogue : words) {
        for (const locales::Key key : locales::kAllKeys) glyphs += catalogue[key];
    }
    const auto add = [&glyphs](const survey::LocalizedText& text) {
        for (const auto& entry : text.entries) glyphs += entry.text;
    };
    for (const auto& label : instrument.agreement) add(label);
    for (const survey::Question& question : instrument.questions) {
        add(question.text);
        if (question.hint) add(*question.hint);
        if (question.low) add(*question.low);
        if (question.high) add(*question.high);
        for (const survey::ChoiceOption& option : question.options) add(option.text);
    }
    return glyphs;
}

/// A name is a shipped instrument; a path lies below the source folder.
survey::Instrument load(const std::string& name) {
    const bool is_path = name.find('/') != std::string::npos;
    std::ifstream file(std::string(KAIKU_SOURCE_DIR) + (is_path ? "/" : "/assets/instruments/") +
                       name + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto loaded = survey::load_instrument(text, name);
    REQUIRE(loaded);
    return std::move(*loaded);
}

}  // namespace

Stage::Stage(const std::string& instrument, const ui::Panel& panel, People people)
    : instrument_(load(instrument)) {
    for (const survey::Language language : survey::kLanguages) {
        auto catalogue = locales::Catalogue::load(KAIKU_TEST_LOCALES, language);
        REQUIRE(catalogue);
        words_[static_cast<std::size_t>(language)] = std::move(*catalogue);
    }
    setup_.instrument = &instrument_;
    setup_.unit = "test";
    std::string glyphs = glyphs_of(instrument_, words_);
    if (people == People::everybody) {
        offer_everybody(instrument);
        for (const auto& other : others_) glyphs += glyphs_of(other, words_);
        for (const std::string& text : setup_.notices.front()) glyphs += text;
    }
    platform::DisplayOptions options;
    options.headless = true;
    options.panel = panel;
    options.glyphs = glyphs;
    auto opened = platform::Display::open(options);
    REQUIRE(opened);
    display_ = std::move(*opened);
}

void Stage::offer_everybody(const std::string& instrument) {
    others_.push_back(load(instrument + "-plain"));
    others_.push_back(load("child"));
    others_.push_back(load("relative"));
    using survey::RespondentKind;
    setup_.people = {{RespondentKind::adult, &instrument_, &others_.at(0)},
                     {RespondentKind::youth, &instrument_, &others_.at(0)},
                     {RespondentKind::child, &others_.at(1)},
                     {RespondentKind::relative, &others_.at(2)}};
    setup_.ask_assisted = true;
    setup_.notices = {{"Toivoitte lisää tuoleja. Nyt niitä on kaksitoista enemmän.",
                       "Ni önskade fler stolar. Nu finns det tolv till.",
                       "You asked for more chairs. Now there are twelve more."}};
}

void Stage::offer_staff(bool device) {
    setup_.staff.offered = true;
    setup_.staff.device = device;
    setup_.staff.camera = device;
    setup_.staff.units = {{"KESKUSTA", "Keskustan terveysasema", ""},
                          {"NEUVOLA", "Äitiys- ja lastenneuvola", ""}};
    setup_.staff.instruments = {"quick-nps", "national-adult"};
    if (!device || !setup_.people.empty()) return;
    for (const survey::RespondentKind kind : survey::kRespondentKinds) {
        setup_.people.push_back({kind, &instrument_});
    }
}

void Stage::set_panel(const ui::Panel& panel) { REQUIRE(display_->set_panel(panel)); }

std::optional<flow::Event> Stage::draw(const flow::State& state) {
    std::optional<flow::Event> happened;
    const ui::Fonts& fonts = display_->fonts(state.size);
    display_->frame([&] {
        recorder_.begin_frame();
        happened = ui::draw({.setup = setup_,
                             .state = state,
                             .words = words_,
                             .panel = display_->panel(),
                             .fonts = fonts,
                             .now = now_},
                            recorder_);
        return true;
    });
    return happened;
}

std::optional<flow::Event> Stage::slide(const flow::State& state, const std::string& from,
                                        const std::string& to) {
    while (display_->wants_frame()) draw(state);
    draw(state);
    const auto place = [&](const std::string& id) {
        const ui::Widget* widget = recorder_.find(id);
        INFO("widget " << id);
        REQUIRE(widget != nullptr);
        return std::pair{widget->x + widget->w / 2, widget->y + widget->h / 2};
    };
    const auto [down_x, down_y] = place(from);
    const auto [up_x, up_y] = place(to);
    display_->inject_press(down_x, down_y);
    display_->inject_release(up_x, up_y);
    std::optional<flow::Event> happened = draw(state);
    while (display_->wants_frame()) {
        const auto next = draw(state);
        if (next) happened = next;
    }
    return happened;
}

namespace {

/// 1: every variant. Otherwise one of so many; no number of sizes, languages or themes divides 7,
/// so that over the screens each of them meets each.
std::size_t step_of_walks() {
    const char* walk = std::getenv("KAIKU_WALK");
    return walk != nullptr && std::string_view(walk) == "short" ? 7 : 1;
}

}  // namespace

void each_variant(const std::vector<flow::Appearance>& appearances, const ui::Panel& panel,
                  const std::function<void(const Variant&)>& visit) {
    constexpr std::array kThemes{flow::Theme::standard, flow::Theme::contrast_dark,
                                 flow::Theme::contrast_light};
    constexpr std::array kSizes{flow::TextSize::s, flow::TextSize::m, flow::TextSize::l,
                                flow::TextSize::xl};
    const std::size_t step = step_of_walks();
    std::size_t number = 0;
    for (const flow::TextSize size : kSizes) {
        for (const auto& appearance : appearances) {
            for (const survey::Language language : survey::kLanguages) {
                for (const flow::Theme theme : kThemes) {
                    for (const bool lowered : {false, true}) {
                        if (lowered && !ui::can_lower(panel)) continue;
                        if (number++ % step != 0) continue;
                        Variant variant{panel.name + " " + appearance.name + " " +
                                            std::string(survey::to_string(language)) + " " +
                                            std::string(ui::size_name(size)) + " " +
                                            std::string(ui::theme_name(theme)) +
                                            (lowered ? " lowered" : ""),
                                        appearance.state};
                        variant.state.size = size;
                        variant.state.language = language;
                        variant.state.theme = theme;
                        variant.state.lowered = lowered;
                        visit(variant);
                    }
                }
            }
        }
    }
}

ui::Panel panel_named(const std::string& name) {
    for (const ui::Panel& panel : ui::reference_panels()) {
        if (panel.name == name) return panel;
    }
    FAIL("no panel " << name);
    return {};
}

}  // namespace kaiku::test
