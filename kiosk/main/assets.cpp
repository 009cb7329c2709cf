// Everything the terminal reads before it can draw.
#include <fstream>
#include <iterator>

#include "kiosk/main/app.hpp"

namespace kaiku::kiosk {

Result<Words> load_words(const std::filesystem::path& share_dir) {
    Words words;
    for (const survey::Language language : survey::kLanguages) {
        auto catalogue = locales::Catalogue::load(share_dir / "locales", language);
        if (!catalogue) return tl::make_unexpected(catalogue.error());
        words[static_cast<std::size_t>(language)] = std::move(*catalogue);
    }
    return words;
}

Result<survey::Instrument> load_named_instrument(const Options& options) {
    std::filesystem::path file = options.instrument;
    std::error_code ignored;
    if (file.extension() != ".json") {
        const std::string name = options.instrument + ".json";
        file = options.data_dir / "instruments" / name;
        if (!std::filesystem::exists(file, ignored)) {
            file = options.share_dir / "instruments" / name;
        }
    }
    if (!std::filesystem::is_regular_file(file, ignored)) {
        return fail(Errc::not_found, file.string() +
                                         ": no such instrument; give --instrument an id that is "
                                         "installed (quick-nps, national-adult) or a .json file");
    }
    const auto size = std::filesystem::file_size(file, ignored);
    if (ignored || size > survey::kMaxInstrumentBytes) {
        return fail(Errc::too_large, file.string() + ": larger than " +
                                         std::to_string(survey::kMaxInstrumentBytes / 1024) +
                                         " KiB; this is no instrument");
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    if (!stream.good() && !stream.eof()) {
        return fail(Errc::io, file.string() + ": cannot be read; check its permissions");
    }
    return survey::load_instrument(text, file.string());
}

std::string every_glyph(const Words& words, const survey::Instrument& instrument) {
    // What can be typed and what the programs draw themselves, then the sentences.
    std::string glyphs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZåäöÅÄÖ";
    glyphs += " .,:;!?-+*/=()[]@#%&'\"€_…•’”–—‹›{}<>~^|\\$£§½°üÜéÉšŠžŽ";
    for (const auto& catalogue : words) {
        for (const locales::Key key : locales::kAllKeys) glyphs += catalogue[key];
    }
    const auto add = [&glyphs](const survey::LocalizedText& text) {
        for (const auto& entry : text.entries) glyphs += entry.text;
    };
    add(instrument.title);
    for (const auto& label : instrument.agreement) add(label);
    for (const auto& question : instrument.questions) {
        add(question.text);
        for (const auto& extra : {question.hint, question.low, question.high}) {
            if (extra) add(*extra);
        }
        for (const auto& option : question.options) add(option.text);
    }
    return glyphs;
}

Result<std::unique_ptr<platform::Display>> open_display(const Options& options,
                                                        const std::string& glyphs) {
    platform::DisplayOptions display;
    display.headless = options.headless;
    display.windowed = options.windowed;
    display.panel = options.panel;
    display.glyphs = glyphs;
    return platform::Display::open(display);
}

flow::Setup make_setup(const Options& options, const survey::Instrument& instrument,
                       std::string unit) {
    return {.instrument = &instrument,
            .unit = std::move(unit),
            .channel = options.channel,
            .respondent = options.respondent,
            .assisted = options.assisted,
            .first_language = options.first_language,
            .timeouts = options.timeouts};
}

}  // namespace kaiku::kiosk
