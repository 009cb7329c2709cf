// A13 and A18 on every widget of every screen × language × text size × panel of what is shipped.
#include <algorithm>
#include <iostream>

#include "kiosk/flow/walk.hpp"
#include "kiosk/main/speech_list.hpp"
#include "kiosk/ui/dump.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using kiosk::Sentence;

namespace {

const std::filesystem::path kShare =
    std::filesystem::path(KAIKU_BIN_DIR).parent_path() / "share/kaiku";

kiosk::Options options_for(const std::filesystem::path& instrument) {
    kiosk::Options options;
    options.share_dir = kShare;
    options.data_dir = "/nowhere";
    options.instrument = instrument.string();
    options.panel = ui::reference_panels().front();
    return options;
}

std::vector<std::filesystem::path> shipped() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(kShare / "instruments")) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 2);
    return files;
}

std::vector<std::string> without_clip(const std::set<Sentence>& sentences,
                                      const std::filesystem::path& folder) {
    std::vector<std::string> missing;
    for (const auto& [language, text] : sentences) {
        if (!speech::find_clip({folder}, {language, text})) {
            missing.push_back(std::string(survey::to_string(language)) + ": " + text);
        }
    }
    return missing;
}

/// The language that a widget is shown in: its id says so on screens in all languages.
survey::Language shown_in(const ui::Widget& widget, survey::Language visitors) {
    for (const survey::Language language : survey::kLanguages) {
        const std::string mark = "." + std::string(survey::to_string(language));
        const bool marked =
            widget.id.ends_with(mark) || widget.id.find(mark + ".") != std::string::npos;
        if (marked) return language;
    }
    return visitors;
}

}  // namespace

TEST_CASE("every sentence of every widget on every panel has its clip in its language") {
    std::size_t checked = 0;
    for (const auto& file : shipped()) {
        const auto options = options_for(file);
        auto stage = kiosk::open_stage(options);
        REQUIRE(stage);
        flow::Setup setup = kiosk::make_setup(options, stage->instruments, "test");
        setup.staff.offered = true;
        const auto sentences = kiosk::every_sentence(*stage, setup, ui::reference_panels());
        REQUIRE(sentences);
        INFO(file.filename());
        CHECK(without_clip(*sentences, kShare / "speech").empty());
        checked += sentences->size();
    }
    std::cout << checked << " sentences checked\n";
    CHECK(checked > 1000);
}

TEST_CASE("a missing clip is found") {
    const auto options = options_for(kShare / "instruments/quick-nps.json");
    auto stage = kiosk::open_stage(options);
    REQUIRE(stage);
    const flow::Setup setup = kiosk::make_setup(options, stage->instruments, "test");
    const auto sentences = kiosk::every_sentence(*stage, setup, kiosk::telling_panels());
    REQUIRE(sentences);
    const test::TempDir dir;
    for (const char* language : {"fi", "sv", "en"}) {
        std::filesystem::create_directories(dir.path() / language);
        for (const auto& entry :
             std::filesystem::directory_iterator(kShare / "speech" / language)) {
            std::filesystem::create_symlink(entry.path(),
                                            dir.path() / language / entry.path().filename());
        }
    }
    REQUIRE(without_clip(*sentences, dir.path()).empty());
    const std::string& planted =
        stage->words[static_cast<std::size_t>(survey::Language::sv)][locales::Key::idle_title];
    std::filesystem::remove(dir.path() / "sv" / (speech::clip_name(planted) + ".ogg"));
    CHECK(without_clip(*sentences, dir.path()) == std::vector<std::string>{"sv: " + planted});
}

TEST_CASE("every widget is spoken in the language that it is shown in") {
    std::size_t checked = 0;
    for (const auto& file : shipped()) {
        const auto options = options_for(file);
        auto stage = kiosk::open_stage(options);
        REQUIRE(stage);
        const flow::Setup setup = kiosk::make_setup(options, stage->instruments, "test");
        for (const auto& appearance : flow::every_appearance(setup)) {
            for (const survey::Language language : survey::kLanguages) {
                flow::State state = appearance.state;
                state.language = language;
                stage->draw(setup, state);
                for (const ui::Widget& widget : stage->recorder.widgets()) {
                    INFO(appearance.name << ' ' << widget.id << " \"" << widget.speech << '"');
                    CHECK(widget.spoken_in == shown_in(widget, language));
                    CHECK_FALSE(speech::sentences(widget.speech).empty());
                    ++checked;
                }
            }
        }
    }
    CHECK(checked > 1000);
}
