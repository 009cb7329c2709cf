#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/words.hpp"

/// What the terminal says: which sentences, when, in which order. Pure; sound is a port.
namespace kaiku::speech {

/// One sentence in one language: what a clip holds.
struct Utterance {
    survey::Language language = survey::Language::fi;
    std::string text;

    friend bool operator==(const Utterance&, const Utterance&) = default;
};

/// The sentences of a widget's speech: one a line, without blank ones and outer spaces.
std::vector<std::string> sentences(std::string_view speech);

/// Name of a sentence's clip without folder and ending: 16 hexadecimal digits of the FNV-1a hash of
/// its UTF-8 bytes. scripts and people name recorded clips by it (docs/FORMATS.md).
std::string clip_name(std::string_view text);

/// The clip to play: `<folder>/<language>/<name>.wav` or `.ogg` in the first folder that has one.
std::optional<std::filesystem::path> find_clip(const std::vector<std::filesystem::path>& folders,
                                               const Utterance& utterance);

}  // namespace kaiku::speech
