#pragma once

#include <cstddef>

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// Where the on-screen keyboard writes on this question; nullptr when it has no text.
std::string* text_of(const survey::Question& question, State& state) noexcept;

/// The keyboard's keys. Letters after the start, or after a sentence's end and a space, begin as
/// capitals. A text never grows beyond `max_characters` code points.
void type(State& state, std::string& text, char32_t character, std::size_t max_characters);
void backspace(State& state, std::string& text);
void clear(State& state, std::string& text);

/// Sets shift as it should be when a text question opens.
void prepare_keyboard(State& state, const std::string* text);

/// Overwrites a text before it is dropped, so that the heap does not keep it.
void scrub(std::string& text) noexcept;

}  // namespace kaiku::flow
