#pragma once

#include <array>
#include <optional>

#include "kiosk/flow/people.hpp"
#include "kiosk/ui/panel.hpp"
#include "kiosk/ui/recorder.hpp"
#include "locales/catalogue.hpp"

struct ImFont;

namespace kaiku::ui {

/// Fonts of one text size, made by the platform for the panel; pixel heights are in ImFont.
struct Fonts {
    ImFont* small = nullptr;    ///< hints and scale ends
    ImFont* body = nullptr;     ///< default text: capital H 5 mm at size m
    ImFont* strong = nullptr;   ///< semi-bold body: buttons
    ImFont* title = nullptr;    ///< bold: the question
    ImFont* display = nullptr;  ///< bold: attract and thanks
};

/// Everything a screen may know. Borrowed for one frame.
struct Model {
    const flow::Setup& setup;
    const flow::State& state;
    const std::array<locales::Catalogue, survey::kLanguages.size()>& words;
    const Panel& panel;
    const Fonts& fonts;
    flow::Instant now;

    const survey::Instrument& instrument() const noexcept {
        return flow::instrument_of(setup, state);
    }
    const locales::Catalogue& said() const noexcept {
        return words[static_cast<std::size_t>(state.language)];
    }
};

/// Draws the present screen over the whole panel between ImGui's NewFrame and Render, records
/// every widget, and returns what the visitor did in this frame, if anything.
std::optional<flow::Event> draw(const Model& model, Recorder& recorder);

}  // namespace kaiku::ui
