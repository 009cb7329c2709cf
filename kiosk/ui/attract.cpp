#include <algorithm>

#include "kiosk/flow/phone.hpp"
#include "kiosk/ui/phone.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"
#include "survey/respondent_flow.hpp"

namespace kaiku::ui {

namespace {

using locales::Catalogue;
using locales::Key;

/// How long a question of a kind takes, in seconds: what the promise on the screen is counted from.
int seconds_for(survey::QuestionKind kind) {
    switch (kind) {
        case survey::QuestionKind::nps:
            return 10;
        case survey::QuestionKind::statement:
            return 7;
        case survey::QuestionKind::choice:
            return 8;
        case survey::QuestionKind::open_text:
        case survey::QuestionKind::contact:
            return 20;
    }
    return 0;
}

std::string count_word(const Catalogue& words, std::size_t count) {
    constexpr std::array kWords{Key::number_2, Key::number_3, Key::number_4, Key::number_5,
                                Key::number_6, Key::number_7, Key::number_8, Key::number_9};
    if (count >= 2 && count <= 9) return words[kWords[count - 2]];
    return std::to_string(count);
}

/// "Kaksi kysymystä, 30 sekuntia.", counted from the questions that everybody is asked.
std::string lead(const Catalogue& words, const survey::Instrument& instrument) {
    std::size_t count = 0;
    int seconds = 0;
    const survey::Answers none;
    for (std::size_t i = 0; i < instrument.questions.size(); ++i) {
        if (!survey::is_asked(instrument, i, none)) continue;
        ++count;
        seconds += seconds_for(instrument.questions[i].kind);
    }
    if (count <= 1) return words[Key::attract_lead_one];
    if (seconds <= 50) {
        return words.format(Key::attract_lead_few,
                            {{"count", count_word(words, count)},
                             {"seconds", std::to_string((seconds + 9) / 10 * 10)}});
    }
    if (seconds <= 80) {
        return words.format(Key::attract_lead_minute, {{"count", count_word(words, count)}});
    }
    return words.format(
        Key::attract_lead_minutes,
        {{"count", count_word(words, count)}, {"minutes", std::to_string((seconds + 59) / 60)}});
}

/// One language's half of the screen.
struct Half {
    survey::Language language = survey::Language::fi;
    Box area;
    Rgb ground;
    TextBlock title;
    TextBlock lead;
    TextBlock notice;  ///< empty where there is none, or no room
};

/// What both halves share, so that they stand level.
struct Level {
    float width = 0;
    float gap = 0;
    float button_h = 0;
    float title_h = 0;
    float lead_h = 0;
    float notice_h = 0;

    float total() const {
        const float notice = notice_h > 0 ? notice_h + 1.2F * gap : 0;
        return title_h + lead_h + button_h + 2.4F * gap + notice;
    }
};

/// Where the screen stands in this minute, in pixels: a slow square, so that nothing burns in.
constexpr std::array<std::pair<int, int>, 8> kPlaces{
    {{0, 0}, {3, 0}, {3, 3}, {0, 3}, {-3, 3}, {-3, 0}, {-3, -3}, {0, -3}}};

Box moved(const Canvas& canvas, Box box) {
    const auto beat = static_cast<std::size_t>(std::max(0, canvas.model.state.attract.beat));
    const auto& [x, y] = kPlaces[beat % kPlaces.size()];
    box.x += static_cast<float>(x) / canvas.px({0, 0, 1, 1}).w;
    box.y += static_cast<float>(y) / canvas.px(1.0F);
    return box;
}

const Catalogue& words_of(const Canvas& canvas, const Half& half) {
    return canvas.model.words[static_cast<std::size_t>(half.language)];
}

/// The notice of this minute, in each half's language, or nothing.
void set_notices(const Canvas& canvas, std::array<Half, 2>& halves, Level& level) {
    const auto& notices = canvas.model.setup.notices;
    const auto beat = static_cast<std::size_t>(std::max(0, canvas.model.state.attract.beat));
    const flow::Notice& notice = notices[beat % notices.size()];
    for (Half& half : halves) {
        half.notice = canvas.type.balance(words_of(canvas, half)[Key::attract_notice] + '\n' +
                                              notice[static_cast<std::size_t>(half.language)],
                                          Face::small, level.width);
        level.notice_h = std::max(level.notice_h, half.notice.h);
    }
}

/// Sets both halves in two faces; true if nothing is broken and all fits. `brief` keeps the promise
/// of anonymity and leaves the count out.
bool set_faces(const Canvas& canvas, std::array<Half, 2>& halves, Level& level, Face big,
               Face small, bool brief) {
    bool broken = level.notice_h > 0 && (halves[0].notice.broken || halves[1].notice.broken);
    level.title_h = level.lead_h = 0;
    for (Half& half : halves) {
        const Catalogue& words = words_of(canvas, half);
        half.title =
            canvas.type.balance(words[Key::attract_title], big, std::min(level.width, 110.0F));
        half.lead = canvas.type.balance(brief ? words[Key::attract_anonymous]
                                              : lead(words, *canvas.model.setup.instrument) + '\n' +
                                                    words[Key::attract_anonymous],
                                        small, level.width);
        broken = broken || half.title.broken || half.lead.broken;
        level.title_h = std::max(level.title_h, half.title.h);
        level.lead_h = std::max(level.lead_h, half.lead.h);
    }
    return !broken && level.total() <= halves[0].area.h;
}

Level set_halves(const Canvas& canvas, std::array<Half, 2>& halves) {
    const Box& area = halves[0].area;
    Level level;
    level.width = std::min(area.w - 2 * std::clamp(area.w * 0.035F, 3.5F, 10.0F), 130.0F);
    level.button_h = std::clamp(area.h * 0.17F, kTarget + 1, 20.0F);
    level.gap = std::clamp(area.h * 0.055F, 2.5F, 8.0F);
    constexpr std::array kFaces{
        std::pair{Face::display, Face::body}, std::pair{Face::title, Face::body},
        std::pair{Face::title, Face::small}, std::pair{Face::strong, Face::small}};
    if (!canvas.model.setup.notices.empty()) {
        set_notices(canvas, halves, level);
        for (std::size_t i = 0; i < 3; ++i) {
            if (set_faces(canvas, halves, level, kFaces[i].first, kFaces[i].second, false)) {
                return level;
            }
        }
        level.notice_h = 0;  // no room: the invitation comes first
    }
    for (const auto& [big, small] : kFaces) {
        if (set_faces(canvas, halves, level, big, small, false)) return level;
    }
    for (const bool brief : {false, true}) {
        level.gap *= 0.5F;
        level.button_h = kTarget;
        if (set_faces(canvas, halves, level, Face::small, Face::small, brief)) break;
    }
    return level;
}

void draw_half(Canvas& canvas, const Half& half, const Level& level, Said& said) {
    const std::string code(survey::to_string(half.language));
    canvas.speak_in(half.language);
    const Box& area = half.area;
    const float x = area.x + (area.w - level.width) / 2;
    float y = area.y + (area.h - level.total()) / 2;
    canvas.heading("attract." + code + ".title",
                   {x, y + level.title_h - half.title.h, level.width, half.title.h}, half.title,
                   Align::centre, half.ground);
    y += level.title_h + level.gap;
    canvas.text("attract." + code + ".lead", {x, y, level.width, half.lead.h}, half.lead,
                Align::centre,
                half.ground == canvas.colours.paper ? canvas.colours.soft : canvas.colours.ink,
                half.ground);
    y += level.lead_h + 1.4F * level.gap;
    const std::string& start = words_of(canvas, half)[Key::attract_start];
    const float wide =
        std::min(level.width, std::max(46.0F, canvas.type.width(Face::strong, start) + 24.0F));
    if (canvas.button("start." + code, {area.x + (area.w - wide) / 2, y, wide, level.button_h},
                      start,
                      {.look = Look::primary,
                       .face = level.button_h > kTarget ? Face::title : Face::strong})) {
        said = flow::event::Started{half.language};
    }
    if (level.notice_h <= 0) return;
    y += level.button_h + 1.2F * level.gap;
    canvas.text("attract." + code + ".notice", {x, y, level.width, half.notice.h}, half.notice,
                Align::centre, canvas.colours.ink, half.ground);
}

constexpr float kToolsHeight = 110;  ///< glass from which a row of tools fits above, mm

/// The row at the bottom: English in its middle, what helps to see at its left, the rest at its
/// right. Where both have no room, or the phone is offered there, the tools stand at the top.
struct Foot {
    std::string english;
    float pill = 0;
    ToolRow left;
    ToolRow right;
    bool tools_above = false;
};

bool try_foot(const Canvas& canvas, Foot& foot) {
    std::vector<Tool> seeing = all_tools(canvas);
    const auto middle = std::stable_partition(seeing.begin(), seeing.end(), is_seeing);
    const std::vector<Tool> others(middle, seeing.end());
    seeing.erase(middle, seeing.end());
    const float room = (canvas.width() - foot.pill) / 2 - plain_frame(canvas).margin - kGap;
    auto left = plan_whole(canvas, seeing, room);
    if (!left) {
        std::erase_if(seeing, [](const Tool& tool) { return tool.rank == ToolRank::reached_size; });
        left = plan_whole(canvas, seeing, room);
    }
    const bool phone = flow::offers_phone(canvas.model.setup);
    const float right = room - (phone ? kPhoneOffer + kGap : 0);
    foot.right = others.empty() ? ToolRow{} : plan_tools(canvas, others, right);
    if (left) foot.left = *left;
    return left && foot.right.w <= right;
}

Foot plan_foot(const Canvas& canvas) {
    Foot foot;
    const auto& words = canvas.model.words[static_cast<std::size_t>(survey::Language::en)];
    const bool tall = canvas.height() >= kToolsHeight;
    for (const Key name : {Key::language_name, Key::language_short}) {
        foot.english = words[name];
        foot.pill = std::max(30.0F, canvas.type.width(Face::strong, foot.english) + 12.0F);
        foot.tools_above = tall && flow::offers_phone(canvas.model.setup);
        if (foot.tools_above || try_foot(canvas, foot)) return foot;
        if (tall) break;
    }
    foot.tools_above = true;
    return foot;
}

/// The screen's two halves, side by side or one above the other, above the foot.
std::array<Half, 2> cut_halves(Canvas& canvas, float strip, bool tools_above) {
    const float width = canvas.width();
    const float height = canvas.height();
    const bool stacked = height > width;
    auto first = survey::Language::fi;
    auto second = survey::Language::sv;
    if (canvas.model.setup.first_language == second) std::swap(first, second);
    const float above = tools_above ? plain_frame(canvas).column.y + kToolsAbove : 0;
    const Box one =
        stacked ? Box{0, 0, width, (height - strip + above) / 2} : Box{0, 0, width / 2, height};
    const Box two =
        stacked ? Box{0, one.h, width, height - one.h} : Box{width / 2, 0, width / 2, height};
    canvas.fill(two, canvas.colours.tint);
    const Pixels edge = canvas.px(two);
    if (canvas.colours.tint == canvas.colours.paper) {
        canvas.rounded(
            stacked ? Pixels{0, edge.y - 1, edge.w, 3} : Pixels{edge.x - 1, 0, 3, edge.h}, 0,
            canvas.colours.line);
    }
    std::array<Half, 2> halves{Half{first, one, canvas.colours.paper, {}, {}, {}},
                               Half{second, two, canvas.colours.tint, {}, {}, {}}};
    for (Half& half : halves) {
        if (half.area.y <= 0) half.area.y = above;
        half.area.h = stacked ? one.h - above : height - strip - above;
        half.area = moved(canvas, half.area);
    }
    return halves;
}

/// What stands beside English: the phone, the tools, or both.
void draw_sides(Canvas& canvas, const Foot& foot, const Box& middle,
                const std::array<Half, 2>& halves, Said& said) {
    const Frame frame = plain_frame(canvas);
    const float margin = frame.margin;
    const float width = canvas.width();
    const survey::Language first = halves[0].language;
    if (foot.tools_above) {
        const ToolRow row = plan_tools(canvas, all_tools(canvas), frame.column.w);
        draw_tools(canvas, row,
                   moved(canvas, {frame.column.right() - row.w, frame.column.y, row.w, kTarget}),
                   said);
        draw_phone_offers(canvas, {margin, middle.y, width - 2 * margin, middle.h}, middle, first,
                          halves[1].language, said);
        return;
    }
    draw_tools(canvas, foot.left, {margin, middle.y, foot.left.w, middle.h}, said);
    const float end = width - margin;
    if (flow::offers_phone(canvas.model.setup)) {
        const float taken = foot.right.w > 0 ? foot.right.w + kGap : 0;
        draw_phone_offer(canvas, {end - taken - kPhoneOffer, middle.y, kPhoneOffer, middle.h},
                         first, said);
    }
    draw_tools(canvas, foot.right, {end - foot.right.w, middle.y, foot.right.w, middle.h}, said);
}

}  // namespace

void draw_attract(Canvas& canvas, Said& said) {
    const float width = canvas.width();
    const float height = canvas.height();
    const float foot_gap = std::clamp((height - 60) * 0.06F, kGap, 12.0F);
    const Foot foot = plan_foot(canvas);
    std::array<Half, 2> halves = cut_halves(canvas, kTarget + 2 * foot_gap, foot.tools_above);
    const Level level = set_halves(canvas, halves);
    for (const Half& half : halves) draw_half(canvas, half, level, said);
    const auto& english = canvas.model.words[static_cast<std::size_t>(survey::Language::en)];
    const Box box =
        moved(canvas, {(width - foot.pill) / 2, height - foot_gap - kTarget, foot.pill, kTarget});
    canvas.speak_in(survey::Language::en);
    ButtonStyle look{.look = Look::pill};
    look.shown = foot.english;
    if (canvas.button("start.en", box, english[Key::language_name], look)) {
        said = flow::event::Started{survey::Language::en};
    }
    canvas.speak_in(canvas.model.state.language);
    draw_sides(canvas, foot, box, halves, said);
}

}  // namespace kaiku::ui
