#include <imgui.h>

#include "kiosk/ui/paint.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/screens.hpp"
#include "kiosk/ui/staff.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

void draw_question(Canvas& canvas, Said& said) {
    const survey::Question* question =
        flow::current_question(canvas.model.setup, canvas.model.state);
    if (question == nullptr) return;
    switch (question->kind) {
        case survey::QuestionKind::nps:
            return draw_nps(canvas, *question, said);
        case survey::QuestionKind::statement:
            return draw_statement(canvas, *question, said);
        case survey::QuestionKind::choice:
            return draw_choice(canvas, *question, said);
        case survey::QuestionKind::open_text:
        case survey::QuestionKind::contact:
            return draw_text(canvas, *question, said);
    }
}

/// Night is for the attract screen alone: whoever touches it gets the colours of the day.
const Palette& palette_of(const flow::Setup& setup, const flow::State& state) {
    const bool waits = state.screen == flow::Screen::attract && state.theme == setup.first_theme;
    const bool bright = state.theme != flow::Theme::contrast_dark;
    return waits && bright && state.attract.dimmed ? night_palette() : palette(state.theme);
}

void draw_screen(Canvas& canvas, Said& said) {
    if (canvas.model.state.tools_open) return draw_tool_sheet(canvas, said);
    switch (canvas.model.state.screen) {
        case flow::Screen::attract:
            return draw_attract(canvas, said);
        case flow::Screen::staff:
            return draw_staff(canvas, said);
        case flow::Screen::who:
            return draw_who(canvas, said);
        case flow::Screen::question:
            return draw_question(canvas, said);
        case flow::Screen::thanks:
            return draw_thanks(canvas, said);
        case flow::Screen::phone:
            return draw_phone(canvas, said);
        case flow::Screen::saving:
        case flow::Screen::save_failed:
        case flow::Screen::out_of_service:
            return draw_notice(canvas, said);
    }
}

}  // namespace

std::optional<flow::Event> draw(const Model& model, Recorder& recorder) {
    const Palette& colours = palette_of(model.setup, model.state);
    ImGui::GetStyle().Colors[ImGuiCol_WindowBg] =
        ImGui::ColorConvertU32ToFloat4(paint::colour(colours.paper));
    ImGui::PushFont(model.fonts.body);
    ImDrawList* list = ImGui::GetBackgroundDrawList();
    list->PushTextureID(model.fonts.body->ContainerAtlas->TexID);
    Said said;
    const bool idle = model.state.idle_warning;
    Canvas canvas(model, idle ? nullptr : &recorder, colours);
    draw_screen(canvas, said);
    if (idle) {
        Canvas overlay(model, &recorder, colours);
        draw_idle(overlay, said);
    }
    list->PopTextureID();
    ImGui::PopFont();
    return said;
}

}  // namespace kaiku::ui
