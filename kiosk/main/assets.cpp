// Everything the terminal reads before it can draw.
#include <algorithm>
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

Result<survey::Instrument> load_named_instrument(const Options& options, const std::string& given) {
    std::filesystem::path file = given;
    std::error_code ignored;
    if (file.extension() != ".json") {
        const std::string name = given + ".json";
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

std::string instrument_for(const Options& options, survey::RespondentKind kind) {
    const auto named = options.instruments.find(kind);
    if (named != options.instruments.end()) return named->second;
    switch (kind) {
        case survey::RespondentKind::child:
        case survey::RespondentKind::relative:
            return std::string(survey::to_string(kind));
        case survey::RespondentKind::adult:
        case survey::RespondentKind::youth:
            break;
    }
    return options.instrument;
}

Result<Instruments> load_instruments(const Options& options) {
    Instruments loaded;
    const auto add = [&](const std::string& name) -> Status {
        if (loaded.contains(name)) return {};
        auto instrument = load_named_instrument(options, name);
        if (!instrument) return tl::make_unexpected(instrument.error());
        loaded.emplace(name, std::move(*instrument));
        return {};
    };
    const auto check_for = [&](const std::string& name, survey::RespondentKind kind) -> Status {
        const auto& fits = loaded.at(name).respondents;
        if (std::find(fits.begin(), fits.end(), kind) != fits.end()) return {};
        return fail(Errc::invalid, name + ": is not for the respondent kind " +
                                       std::string(survey::to_string(kind)) +
                                       "; name another under [instruments]");
    };
    if (auto added = add(options.instrument); !added) return tl::make_unexpected(added.error());
    for (const auto& [unit, name] : options.unit_instruments) {
        if (auto added = add(name); !added) return tl::make_unexpected(added.error());
    }
    if (options.respondents.empty() && options.respondent) {
        const Status fits = check_for(options.instrument, *options.respondent);
        if (!fits) return tl::make_unexpected(fits.error());
    }
    for (const survey::RespondentKind kind : options.respondents) {
        const std::string name = instrument_for(options, kind);
        if (auto added = add(name); !added) return tl::make_unexpected(added.error());
        if (auto fits = check_for(name, kind); !fits) return tl::make_unexpected(fits.error());
        const survey::Instrument& asked = loaded.at(name);
        if (!options.plain_language) continue;
        auto plain = load_named_instrument(options, asked.id + "-plain");
        if (!plain && plain.error().code == Errc::not_found) continue;
        if (!plain) return tl::make_unexpected(plain.error());
        if (plain->variant_of == asked.id) loaded.emplace(plain->id, std::move(*plain));
    }
    return loaded;
}

std::string every_glyph(const Words& words, const Instruments& instruments) {
    // What can be typed and what the programs draw themselves, then the sentences.
    std::string glyphs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZåäöÅÄÖ";
    glyphs += " .,:;!?-+*/=()[]@#%&'\"€_…•’”–—‹›{}<>~^|\\$£§½°üÜéÉšŠžŽ";
    for (const auto& catalogue : words) {
        for (const locales::Key key : locales::kAllKeys) glyphs += catalogue[key];
    }
    const auto add = [&glyphs](const survey::LocalizedText& text) {
        for (const auto& entry : text.entries) glyphs += entry.text;
    };
    for (const auto& [name, instrument] : instruments) {
        add(instrument.title);
        for (const auto& label : instrument.agreement) add(label);
        for (const auto& question : instrument.questions) {
            add(question.text);
            for (const auto& extra : {question.hint, question.low, question.high}) {
                if (extra) add(*extra);
            }
            for (const auto& option : question.options) add(option.text);
        }
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
    display.dwell = options.keys.dwell;
    display.turned = options.panel_rotation;
    for (const auto& unit : options.staff.units) display.glyphs += unit.shown();
    return platform::Display::open(display);
}

flow::Setup make_setup(const Options& options, const Instruments& instruments, std::string unit) {
    const survey::Instrument& instrument = instruments.at(options.instrument);
    flow::Setup setup{.instrument = &instrument,
                      .people = {},
                      .ask_assisted = options.ask_assisted,
                      .unit = std::move(unit),
                      .channel = options.channel,
                      .respondent = options.respondent.value_or(instrument.respondents.front()),
                      .assisted = options.assisted,
                      .first_language = options.first_language,
                      .first_theme = options.first_theme,
                      .opening = options.opening,
                      .night = options.night,
                      .notices = {},
                      .timeouts = options.timeouts,
                      .staff = options.staff,
                      .web_url = options.web_url,
                      .chime = {}};
    if (options.speech.chime) setup.chime = options.speech.chime_volume;
    for (flow::StaffUnit& staff_unit : setup.staff.units) {
        const auto named = options.unit_instruments.find(staff_unit.code);
        if (named != options.unit_instruments.end())
            staff_unit.asked = &instruments.at(named->second);
    }
    for (const survey::RespondentKind kind : options.respondents) {
        const survey::Instrument& asked = instruments.at(instrument_for(options, kind));
        const auto plain =
            options.plain_language ? instruments.find(asked.id + "-plain") : instruments.end();
        setup.people.push_back({.kind = kind,
                                .instrument = &asked,
                                .plain = plain == instruments.end() ? nullptr : &plain->second});
    }
    if (setup.people.empty()) return setup;
    setup.instrument = setup.people.front().instrument;
    setup.respondent = setup.people.front().kind;
    return setup;
}

}  // namespace kaiku::kiosk
