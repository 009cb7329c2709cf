// --list-speech: what the terminal can say, and whether it has a clip for it.
#include "kiosk/main/speech_list.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "kiosk/flow/walk.hpp"
#include "kiosk/main/commands.hpp"
#include "kiosk/speech/announcer.hpp"
#include "kiosk/ui/dump.hpp"

namespace kaiku::kiosk {

namespace {

/// A device that asks everybody who they are, and everything about it.
flow::Setup asking_who(flow::Setup setup) {
    setup.ask_assisted = true;
    setup.people.clear();
    for (const survey::RespondentKind kind :
         {survey::RespondentKind::adult, survey::RespondentKind::youth,
          survey::RespondentKind::child, survey::RespondentKind::relative}) {
        setup.people.push_back({kind, setup.instrument, setup.instrument});
    }
    return setup;
}

/// `only` leaves other screens out.
void add_screens(Stage& stage, const flow::Setup& setup, std::optional<flow::Screen> only,
                 std::set<Sentence>& found) {
    for (const auto& appearance : flow::every_appearance(setup)) {
        if (only && appearance.state.screen != *only) continue;
        if (!flow::is_spoken(appearance.state)) continue;
        for (const survey::Language language : survey::kLanguages) {
            flow::State state = appearance.state;
            state.language = language;
            for (int size = 0; size <= static_cast<int>(flow::TextSize::xl); ++size) {
                state.size = static_cast<flow::TextSize>(size);
                stage.draw(setup, state);
                for (const ui::Widget& widget : stage.recorder.widgets()) {
                    for (std::string& text : speech::sentences(widget.speech)) {
                        found.emplace(widget.spoken_in, std::move(text));
                    }
                }
            }
        }
    }
}

/// What no single drawing shows: the announcer's sentences, and the progress after any answers.
void add_composed(const Stage& stage, std::set<Sentence>& found) {
    std::size_t questions = 0;
    for (const auto& [name, instrument] : stage.instruments) {
        questions = std::max(questions, instrument.questions.size());
    }
    for (const auto& words : stage.words) {
        for (std::string& text : speech::own_sentences(words)) {
            found.emplace(words.language(), std::move(text));
        }
        for (std::size_t total = 1; total <= questions; ++total) {
            for (std::size_t place = 1; place <= total; ++place) {
                found.emplace(words.language(), words.format(locales::Key::speech_progress,
                                                             {{"place", std::to_string(place)},
                                                              {"total", std::to_string(total)}}));
            }
        }
    }
}

}  // namespace

Result<std::set<Sentence>> every_sentence(Stage& stage, const flow::Setup& setup,
                                          const std::vector<ui::Panel>& panels) {
    std::set<Sentence> found;
    for (const ui::Panel& panel : panels) {
        if (auto set = stage.display->set_panel(panel); !set) {
            return tl::make_unexpected(set.error());
        }
        add_screens(stage, setup, std::nullopt, found);
        add_screens(stage, asking_who(setup), flow::Screen::who, found);
    }
    add_composed(stage, found);
    return found;
}

std::vector<ui::Panel> telling_panels() {
    std::vector<ui::Panel> panels;
    for (const ui::Panel& panel : ui::reference_panels()) {
        const bool small = panel.width_mm < 160 && panel.height_mm < 100;
        const bool upright = panel.height_mm > panel.width_mm;
        if (small || upright || panel.width_px == 1280) panels.push_back(panel);
    }
    return panels;
}

std::vector<std::filesystem::path> clip_folders(const Options& options) {
    return {options.data_dir / "speech", options.share_dir / "speech"};
}

int run_list_speech(const Options& options) {
    auto stage = open_stage(options);
    if (!stage) return report(stage.error());
    flow::Setup setup = complete_setup(options, stage->instruments);
    setup.staff.offered = true;
    const auto sentences = every_sentence(*stage, setup, telling_panels());
    if (!sentences) return report(sentences.error());
    for (const auto& [language, text] : *sentences) {
        const auto clip = speech::find_clip(clip_folders(options), {language, text});
        nlohmann::ordered_json json;
        json["language"] = survey::to_string(language);
        json["name"] = speech::clip_name(text);
        json["clip"] = clip ? clip->string() : "";
        json["text"] = text;
        std::printf("%s\n", json.dump().c_str());
    }
    return 0;
}

}  // namespace kaiku::kiosk
