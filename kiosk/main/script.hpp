#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/main/app.hpp"

namespace kaiku::kiosk {

// One line of a script (docs/FORMATS.md, "Script").
namespace line {
struct Tap {
    std::string id;
};
struct Type {
    std::u32string text;
};
struct Expect {
    std::string what;
};  ///< a screen's name, a widget's id, "synced", "silence", "heard", "configured" or
    ///< "restart"
/// A part of a sentence that was said after the last one expected.
struct ExpectSpeech {
    std::string text;
};
struct Headphones {
    bool in;
};
struct Advance {
    std::chrono::milliseconds ahead;
};
struct Key {
    flow::KeyAction action;
};  ///< a key, or a switch
struct Screenshot {
    std::string file;
};
/// A reader types this text and Enter.
struct Scan {
    std::string text;
};
}  // namespace line

struct ScriptLine {
    std::size_t number = 0;  ///< 1-based line in the file
    std::variant<line::Tap, line::Type, line::Expect, line::ExpectSpeech, line::Headphones,
                 line::Key, line::Advance, line::Screenshot, line::Scan>
        action;
};

/// Parses JSON lines; blank lines and lines that begin with # are passed over. Errors name the
/// line.
Result<std::vector<ScriptLine>> load_script(const std::filesystem::path& file);
/// The same of an open stream, which errors call `name`.
Result<std::vector<ScriptLine>> read_script(std::istream& stream, const std::string& name);

/// Plays the lines against the running terminal. An unknown id or an unmet expectation is an error
/// that names the line.
Status play(App& app, const std::vector<ScriptLine>& lines, const std::string& name,
            const std::filesystem::path& pictures_dir);

}  // namespace kaiku::kiosk
