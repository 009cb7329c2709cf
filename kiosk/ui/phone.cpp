#include "kiosk/ui/phone.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/flow/phone.hpp"
#include "kiosk/ui/paint.hpp"
#include "kiosk/ui/qr.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr Rgb kWhite{255, 255, 255};
constexpr Rgb kBlack{0, 0, 0};
/// The code without its quiet zone; 40 is the limit, and pixels round.
constexpr float kLeastCode = 40.5F;
constexpr float kLargestCode = 78;

/// A code with its quiet zone: whole pixels a module, black on white in every theme.
struct CodePlan {
    int modules = 0;  ///< a side, quiet zone included
    int pixels = 0;   ///< a module
    float mm = 0;     ///< a side, quiet zone included
};

CodePlan plan_code(const Canvas& canvas, const QrCode& code, float room_mm) {
    CodePlan plan;
    plan.modules = code.size + 2 * kQuietModules;
    const float quiet = static_cast<float>(plan.modules) / static_cast<float>(code.size);
    const float wanted = std::min(room_mm, kLargestCode * quiet);
    const auto least =
        static_cast<int>(std::ceil(canvas.px(kLeastCode) / static_cast<float>(code.size)));
    const auto most = static_cast<int>(canvas.px(wanted) / static_cast<float>(plan.modules));
    plan.pixels = std::max({most, least, 1});
    plan.mm = static_cast<float>(plan.modules * plan.pixels) / canvas.px(1);
    return plan;
}

void draw_code(Canvas& canvas, const QrCode& code, const CodePlan& plan, const Box& box) {
    const Pixels place = canvas.px(box);
    const auto side = static_cast<float>(plan.modules * plan.pixels);
    ImDrawList& list = canvas.list();
    list.AddRectFilled({place.x, place.y}, {place.x + side, place.y + side}, paint::colour(kWhite));
    const auto at = [&](float from, int module) {
        return from + static_cast<float>((module + kQuietModules) * plan.pixels);
    };
    for (int y = 0; y < code.size; ++y) {
        for (int x = 0; x < code.size; ++x) {
            if (!code.is_dark(x, y)) continue;
            int end = x + 1;
            while (end < code.size && code.is_dark(end, y)) ++end;
            list.AddRectFilled({at(place.x, x), at(place.y, y)},
                               {at(place.x, end), at(place.y, y + 1)}, paint::colour(kBlack));
            x = end;
        }
    }
    canvas.record("phone.code", Role::image, canvas.model.said()[Key::phone_code], box, kBlack,
                  kWhite);
}

/// How much is said where room is scarce (large text on a 7-inch panel).
/// The last one breaks the address anywhere.
enum class Detail { full, brief, bare, tight };

/// The words beside or above the code.
struct Words {
    TextBlock title, lead, left_out, type, address;
    float gap = 0;
    float h = 0;
    bool fits = false;
};

struct Faces {
    Face title, body, address;
};
constexpr std::array kFaces{
    Faces{Face::display, Face::body, Face::title}, Faces{Face::title, Face::body, Face::title},
    Faces{Face::title, Face::body, Face::strong}, Faces{Face::strong, Face::small, Face::strong},
    Faces{Face::small, Face::small, Face::small}};

/// In one line, or broken before the path and then after dots; an address has no spaces to break
/// at.
TextBlock set_address(const Canvas& canvas, Face face, float width, bool anywhere) {
    std::string address = flow::survey_address(canvas.model.setup, canvas.model.state);
    if (canvas.type.width(face, address) <= width) return canvas.type.set(address, face, width);
    const std::size_t path = std::min(address.find('/'), address.size());
    if (anywhere) return canvas.type.set(address.insert(path, "\n"), face, width);
    std::string lines;
    std::size_t start = 0;  // of the line
    std::size_t last = 0;   // the line may end here
    const auto end_line = [&](std::size_t end) {
        lines += address.substr(start, end - start) + '\n';
        start = end;
    };
    for (std::size_t at = 0; at <= path; ++at) {
        if (at < path && (at == 0 || address[at - 1] != '.')) continue;
        if (last > start && canvas.type.width(face, address.substr(start, at - start)) > width) {
            end_line(last);
        }
        last = at;
    }
    end_line(path);
    return canvas.type.set(lines + address.substr(path), face, width);
}

Words set_words(const Canvas& canvas, const Box& box, const Faces& faces, Detail detail) {
    const auto& said = canvas.model.said();
    const flow::Phone& phone = canvas.model.state.phone;
    const auto body = [&](Key key) { return canvas.type.balance(said[key], faces.body, box.w); };
    Words words;
    const bool bare = detail == Detail::bare || detail == Detail::tight;
    if (!bare) {
        words.title = canvas.type.balance(said[Key::phone_title], faces.title, box.w);
    }
    if (detail == Detail::full) {
        words.lead = body(phone.carries ? Key::phone_lead_carries : Key::phone_lead);
        words.type = body(Key::phone_type);
    }
    if (phone.left_out) {
        words.left_out =
            body(detail == Detail::full ? Key::phone_left_out : Key::phone_left_out_brief);
    }
    words.address = set_address(canvas, faces.address, box.w, detail == Detail::tight);
    words.gap = std::clamp(box.h * 0.04F, 1.4F, 6.0F);
    int blocks = 0;
    for (const TextBlock* block : {&words.title, &words.lead, &words.left_out, &words.type}) {
        words.h += block->h;
        if (!block->whole.empty()) ++blocks;
    }
    words.h += words.address.h + static_cast<float>(blocks) * words.gap;
    words.fits = words.h <= box.h && !words.title.broken && !words.lead.broken &&
                 (!words.address.broken || bare);
    return words;
}

Words fit_words(const Canvas& canvas, const Box& box) {
    Words words;
    for (const Detail detail : {Detail::full, Detail::brief, Detail::bare, Detail::tight}) {
        for (const Faces& faces : kFaces) {
            words = set_words(canvas, box, faces, detail);
            if (words.fits) return words;
        }
    }
    return words;
}

void draw_words(Canvas& canvas, const Words& words, const Box& box, Align align) {
    const Rgb paper = canvas.colours.paper;
    float y = box.y;
    canvas.heading("phone.title", {box.x, y, box.w, words.title.h}, words.title, align, paper);
    if (!words.title.whole.empty()) y += words.title.h + words.gap;
    const auto line = [&](const char* id, const TextBlock& block, float after,
                          std::string_view spoken = {}) {
        if (block.whole.empty()) return;
        canvas.text(id, {box.x, y, box.w, block.h}, block, align, canvas.colours.ink, paper,
                    spoken);
        y += block.h + after;
    };
    line("phone.lead", words.lead, words.gap);
    line("phone.left_out", words.left_out, words.gap);
    line("phone.type", words.type, words.gap * 0.5F);
    // No clip can know every county's address; who listens to it needs the code's help anyway.
    line("phone.address", words.address, 0, canvas.model.said()[Key::phone_address_spoken]);
}

/// The code and the words beside it, or above it on upright glass.
struct Layout {
    CodePlan plan;
    Box room;  ///< of the words
    Words words;
    float apart = 0;
    float h = 0;
    bool beside = false;
};

Layout lay_out(const Canvas& canvas, const Box& body, const std::optional<QrCode>& code) {
    Layout layout;
    layout.beside = body.w > body.h * 1.15F;
    layout.apart = std::clamp(canvas.width() * 0.035F, 3.0F, 10.0F);
    const float most =
        layout.beside ? std::min(body.h, body.w * 0.5F) : std::min(body.w, body.h * 0.55F);
    for (const float code_mm : {most, kLeastCode}) {  // the words need the room more than the code
        if (code) layout.plan = plan_code(canvas, *code, code_mm);
        const float side = layout.plan.mm;
        const float across = layout.beside ? side + layout.apart : 0;
        layout.room = {body.x + across, body.y, body.w - across,
                       layout.beside ? body.h : body.h - side - layout.apart};
        layout.words = fit_words(canvas, layout.room);
        layout.h =
            layout.beside ? std::max(side, layout.words.h) : layout.words.h + layout.apart + side;
        if (layout.words.fits) break;
    }
    return layout;
}

/// What an offer on the attract screen shows in the room that it has.
struct Offer {
    std::string text;  ///< empty: the icon alone
    Face face = Face::strong;
    float w = 0;
};

Offer fit_offer(const Canvas& canvas, const locales::Catalogue& words, float room) {
    for (const Key key : {Key::phone_offer, Key::phone_offer_brief}) {
        for (const Face face : {Face::strong, Face::small}) {
            const float icon = canvas.type.capital(face) * 1.35F + 1.6F;
            const float wide = canvas.type.width(face, words[key]) + icon + 2 * 4.5F;
            if (wide <= room) return {words[key], face, wide};
        }
    }
    return {{}, Face::strong, std::min(room, kTarget * 1.6F)};
}

}  // namespace

void draw_phone(Canvas& canvas, Said& said) {
    const auto& model = canvas.model;
    Frame frame = plain_frame(canvas);
    frame.body.h -= kGap;
    const auto code = make_qr(model.state.phone.link);
    Layout layout = lay_out(canvas, frame.body, code);
    // The tools stand above where the code and all words keep their room.
    Box lower = frame.body;
    lower.y += kTarget + kGap;
    lower.h -= kTarget + kGap;
    const Layout below_tools = lay_out(canvas, lower, code);
    const bool tools_above =
        below_tools.words.fits && below_tools.words.h >= layout.words.h * 0.8F &&
        below_tools.h <= lower.h && below_tools.plan.mm >= layout.plan.mm * 0.75F;
    if (tools_above) {
        frame.body = lower;
        layout = below_tools;
        draw_tools_above(canvas, lower.y, ToolsAbove::all, said);
    }
    const Box& body = frame.body;
    const float side = layout.plan.mm;
    Box room = layout.room;
    const float spare = std::max(0.0F, body.h - (layout.beside ? layout.words.h : layout.h));
    room.y += spare / 2;
    draw_words(canvas, layout.words, room, layout.beside ? Align::left : Align::centre);
    if (code) {
        const float top = layout.beside ? body.y + std::max(0.0F, body.h - side) / 2
                                        : room.y + layout.words.h + layout.apart;
        const float left = layout.beside ? body.x : body.x + (body.w - side) / 2;
        draw_code(canvas, *code, layout.plan, {left, top, side, side});
    }
    const auto& spoken = model.said();
    FooterButton done{"phone.done", spoken[Key::phone_done], ButtonStyle{.look = Look::primary},
                      flow::event::PhoneTaken{}};
    if (tools_above) {
        if (!footer_fits(canvas, frame, {done})) done.label = spoken[Key::nav_done];
    } else {
        const Box row = frame.footer;
        float beside = tools_beside_width(canvas);
        frame.footer = {row.x + beside + kGap, row.y, row.w - beside - kGap, row.h};
        if (!footer_fits(canvas, frame, {done})) done.label = spoken[Key::nav_done];
        if (!footer_fits(canvas, frame, {done})) {
            beside = kTarget;
            frame.footer = {row.x + beside + kGap, row.y, row.w - beside - kGap, row.h};
        }
        draw_tools_beside(canvas, {row.x, row.y, beside, row.h}, said);
    }
    footer(canvas, frame, {done}, said);
}

void draw_phone_offers(Canvas& canvas, const Box& strip, const Box& middle, survey::Language first,
                       survey::Language second, Said& said) {
    if (!flow::offers_phone(canvas.model.setup)) return;
    const float room = middle.x - kGap - strip.x;
    const auto offer = [&](survey::Language language, bool left) {
        canvas.speak_in(language);
        const auto& words = canvas.model.words[static_cast<std::size_t>(language)];
        const std::string& label = words[Key::phone_offer];
        const Offer shown = fit_offer(canvas, words, room);
        const Box box{left ? strip.x : strip.right() - shown.w, middle.y, shown.w, middle.h};
        const std::string id = left ? "phone" : "phone." + std::string(survey::to_string(language));
        ButtonStyle look{.look = Look::pill, .face = shown.face, .icon = Icon::phone};
        look.icon_only = shown.text.empty();
        look.shown = shown.text;
        if (canvas.button(id, box, label, look)) said = flow::event::PhonePressed{language};
    };
    offer(first, true);
    offer(second, false);
    canvas.speak_in(canvas.model.state.language);
}

void draw_phone_offer(Canvas& canvas, const Box& box, survey::Language language, Said& said) {
    canvas.speak_in(language);
    const auto& words = canvas.model.words[static_cast<std::size_t>(language)];
    ButtonStyle look{.look = Look::pill, .icon = Icon::phone};
    look.icon_only = true;
    if (canvas.button("phone", box, words[Key::phone_offer], look)) {
        said = flow::event::PhonePressed{language};
    }
    canvas.speak_in(canvas.model.state.language);
}

}  // namespace kaiku::ui
