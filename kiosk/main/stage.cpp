#include "kiosk/main/stage.hpp"

#include "kiosk/main/notices.hpp"
#include "kiosk/ui/screens.hpp"

namespace kaiku::kiosk {

flow::Setup complete_setup(const Options& options, const Instruments& instruments) {
    flow::Setup setup =
        make_setup(options, instruments, options.unit.empty() ? "K1" : options.unit);
    if (setup.web_url.empty()) setup.web_url = "https://palaute.example.fi";
    return setup;
}

void Stage::draw(const flow::Setup& setup, const flow::State& state) {
    const ui::Fonts& fonts = display->fonts(state.size);
    display->frame([&] {
        recorder.begin_frame();
        (void)ui::draw({.setup = setup,
                        .state = state,
                        .words = words,
                        .panel = display->panel(),
                        .fonts = fonts,
                        .now = flow::Instant{0}},
                       recorder);
        return true;
    });
}

Result<Stage> open_stage(const Options& options) {
    auto instruments = load_instruments(options);
    if (!instruments) return tl::make_unexpected(instruments.error());
    auto words = load_words(options.share_dir);
    if (!words) return tl::make_unexpected(words.error());
    auto notices = load_notices(options.data_dir);
    if (!notices) return tl::make_unexpected(notices.error());
    Options headless = options;
    headless.headless = true;
    auto display = open_display(headless, every_glyph(*words, *instruments) + glyphs_of(*notices));
    if (!display) return tl::make_unexpected(display.error());
    return Stage{
        std::move(*instruments), std::move(*words), std::move(*notices), std::move(*display), {}};
}

}  // namespace kaiku::kiosk
