#include "central/results/report_text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "central/results/terminal.hpp"

namespace kaiku::central {
namespace {

using locales::Catalogue;
using locales::Key;

Key channel_key(survey::Channel channel) {
    switch (channel) {
        case survey::Channel::kiosk:
            return Key::channel_kiosk;
        case survey::Channel::staff_device:
            return Key::channel_staff_device;
        case survey::Channel::qr:
            return Key::channel_qr;
        case survey::Channel::sms:
            return Key::channel_sms;
        case survey::Channel::web:
            return Key::channel_web;
        case survey::Channel::paper:
            return Key::channel_paper;
        case survey::Channel::phone:
            return Key::channel_phone;
    }
    return Key::channel_kiosk;
}

Key language_key(survey::Language language) {
    switch (language) {
        case survey::Language::fi:
            return Key::report_language_fi;
        case survey::Language::sv:
            return Key::report_language_sv;
        case survey::Language::en:
            return Key::report_language_en;
    }
    return Key::report_language_fi;
}

Key respondent_key(survey::RespondentKind kind) {
    switch (kind) {
        case survey::RespondentKind::adult:
            return Key::report_respondent_adult;
        case survey::RespondentKind::youth:
            return Key::report_respondent_youth;
        case survey::RespondentKind::child:
            return Key::report_respondent_child;
        case survey::RespondentKind::relative:
            return Key::report_respondent_relative;
    }
    return Key::report_respondent_adult;
}

/// What was asked, without how often.
std::set<InstrumentVersion> asked_in(const Figures& figures) {
    std::set<InstrumentVersion> asked;
    for (const auto& [instrument, count] : figures.instruments) {
        asked.insert(instrument);
    }
    return asked;
}

/// Writes one report; every method adds lines to `text_`.
class Writer {
  public:
    Writer(const Report& report, const Catalogue& words, const TextStyle& style)
        : report_(report),
          words_(words),
          style_(style),
          comma_(words.language() != survey::Language::en) {}

    std::string write() {
        title();
        if (report_.total.now.n == 0) {
            line("  " + words_[Key::report_no_answers]);
            flagged();
            misdated();
            return std::move(text_);
        }
        nps(report_.total.now);
        change(report_.total);
        flagged();
        misdated();
        channels(report_.total.now);
        respondents(report_.total.now);
        instruments(report_.total);
        statements(report_.total.now);
        groups();
        if (held_back_) {
            line("");
            line(dim(words_.format(Key::report_held_back,
                                   {{"minimum", std::to_string(report_.minimum_n)}})));
        }
        return std::move(text_);
    }

  private:
    void line(const std::string& content) { text_ += content + "\n"; }
    std::string painted(const char* code, const std::string& content) const {
        return style_.colour ? "\x1b[" + std::string(code) + "m" + content + "\x1b[0m" : content;
    }
    std::string bold(const std::string& content) const { return painted("1", content); }
    std::string dim(const std::string& content) const { return painted("2", content); }

    std::string day(std::chrono::sys_days day) const {
        if (!comma_) {
            return format_day(day);
        }
        const std::chrono::year_month_day date(day);
        return std::to_string(static_cast<unsigned>(date.day())) + "." +
               std::to_string(static_cast<unsigned>(date.month())) + "." +
               std::to_string(static_cast<int>(date.year()));
    }
    std::string period(const Period& days) const { return day(days.from) + "–" + day(days.to); }

    std::string unit_name(const std::string& code) const {
        const auto found = report_.units.find(code);
        if (found == report_.units.end()) {
            return code;
        }
        return words_.language() == survey::Language::sv ? found->second.name_sv
                                                         : found->second.name_fi;
    }
    std::string channel_name(const std::string& name) const {
        const auto channel = survey::channel_from(name);
        return channel ? words_[channel_key(*channel)] : name;
    }
    std::string answers(std::int64_t n) const {
        return n == 1 ? words_[Key::report_answer_one]
                      : words_.format(Key::report_answers, {{"n", std::to_string(n)}});
    }
    std::string range(double low, double high) const {
        return signed_number(low) + "…" + signed_number(high);
    }

    void title() {
        const std::string unit =
            report_.unit ? unit_name(*report_.unit) : words_[Key::report_all_units];
        line("");
        line("  " + bold(words_[Key::report_title] + " · " + unit));
        line("  " + period(report_.period) + " · " + answers(report_.total.now.n));
        line("  " + dim(rule()));
        line("");
    }
    std::string rule() const {
        std::string text;
        for (std::size_t column = 4; column < style_.width; ++column) {
            text += "─";
        }
        return text;
    }

    void nps(const Figures& figures) {
        if (!figures.nps) {
            held_back_ = held_back_ || figures.nps_suppressed;
            line("  " +
                 words_[figures.nps_suppressed ? Key::report_nps_held_back : Key::report_nps_none]);
            line("");
            return;
        }
        const survey::Nps& nps = *figures.nps;
        const auto& [low, high] = nps.interval;
        line("  " + bold(words_[Key::report_nps] + "  " + signed_number(nps.value)) + "   " +
             words_.format(Key::report_interval,
                           {{"low", signed_number(low)}, {"high", signed_number(high)}}));
        line("  −100 " + painted("36", nps_scale(nps.value, low, high, style_.width - 16)) +
             " +100");
        line("");
        share(Key::report_promoters, nps.counts.promoters, nps.counts.n(), "32");
        share(Key::report_passives, nps.counts.passives, nps.counts.n(), "33");
        share(Key::report_detractors, nps.counts.detractors, nps.counts.n(), "31");
        line("");
    }

    void share(Key label, std::int64_t part, std::int64_t whole, const char* colour) {
        const double of = static_cast<double>(part) / static_cast<double>(whole);
        line("  " + fit(words_[label], 22) + " " +
             fit(decimal(of * 100, 0, comma_) + " %", 6, true) + " " +
             fit(std::to_string(part), 7, true) + "  " +
             painted(colour, bar(of, style_.width - 44)));
    }

    void change(const ReportGroup& group) {
        const std::string before = period(report_.period.before());
        if (!group.change) {
            line("  " + words_.format(Key::report_change_none, {{"period", before}}));
            return;
        }
        const survey::NpsChange& by = *group.change;
        line("  " +
             words_.format(verdict_sentence(by), {{"period", before},
                                                  {"change", signed_number(by.value)},
                                                  {"low", signed_number(by.interval.low)},
                                                  {"high", signed_number(by.interval.high)}}));
    }
    static Key verdict_sentence(const survey::NpsChange& by) {
        if (!by.beyond_chance) {
            return Key::report_change_unclear;
        }
        return by.value > 0 ? Key::report_change_better : Key::report_change_worse;
    }
    static Key verdict_word(const survey::NpsChange& by) {
        if (!by.beyond_chance) {
            return Key::report_word_unclear;
        }
        return by.value > 0 ? Key::report_word_better : Key::report_word_worse;
    }

    void channels(const Figures& figures) {
        std::string mix;
        for (const auto& [channel, count] : figures.channels) {
            mix += mix.empty() ? "" : " · ";
            mix += channel_name(channel) + " " + std::to_string(count);
        }
        line("  " + words_.format(Key::report_channels, {{"mix", mix}}));
    }

    std::string respondent_name(const std::string& name) const {
        const auto kind = survey::respondent_kind_from(name);
        return kind ? words_[respondent_key(*kind)] : name;
    }
    void respondents(const Figures& figures) {
        std::string mix;
        for (const auto& [kind, count] : figures.respondents) {
            mix += mix.empty() ? "" : " · ";
            mix += respondent_name(kind) + " " + std::to_string(count);
        }
        line("  " + words_.format(Key::report_respondents, {{"mix", mix}}));
    }

    std::string asked(const InstrumentVersion& instrument) const {
        return words_.format(
            Key::report_instrument,
            {{"id", instrument.id}, {"version", std::to_string(instrument.version)}});
    }
    void list_instruments(const Figures& figures) {
        for (const auto& [instrument, count] : figures.instruments) {
            line("    " + asked(instrument) + ": " + answers(count));
        }
    }
    /// Figures of several surveys, or of wordings that changed, are never pooled without a word.
    void instruments(const ReportGroup& group) {
        if (group.now.instruments.size() == 1) {
            line("  " + words_.format(Key::report_asked,
                                      {{"survey", asked(group.now.instruments.begin()->first)}}));
        } else {
            line("");
            line("  " + bold(words_.format(Key::report_pooled,
                                           {{"n", std::to_string(group.now.instruments.size())}})));
            list_instruments(group.now);
        }
        if (group.before.n > 0 && asked_in(group.before) != asked_in(group.now)) {
            line("  " + bold(words_[Key::report_asked_before]));
            list_instruments(group.before);
        }
    }

    void statements(const Figures& figures) {
        if (figures.statements.empty()) {
            return;
        }
        const std::size_t label_columns = style_.width - 44;
        line("");
        line("  " + bold(fit(words_[Key::report_statements], label_columns)) +
             dim(fit(words_[Key::report_mean], 10, true) +
                 fit(words_[Key::report_agree], 15, true)));
        for (const auto& [key, statement] : figures.statements) {
            const auto wording = style_.statements.find(key);
            const std::string label =
                fit(wording == style_.statements.end() ? key : wording->second, label_columns);
            if (!statement) {
                held_back_ = true;
                line("  " + label + fit("–", 10, true) + fit("–", 7, true));
                continue;
            }
            line("  " + label + fit(decimal(statement->mean, 1, comma_), 10, true) +
                 fit(decimal(statement->agree_pct, 0, comma_) + " %", 7, true) +
                 fit("n " + std::to_string(statement->n), 9, true) + " " +
                 painted("36", bar(statement->agree_pct / 100, 14)));
        }
    }

    /// How many a lost clock has put where no report looks.
    void misdated() {
        if (report_.misdated > 0) {
            line("  " +
                 words_.format(Key::report_misdated, {{"n", std::to_string(report_.misdated)}}));
        }
    }

    /// How many look like play, and whether they count.
    void flagged() {
        if (report_.flagged == 0) {
            return;
        }
        const Key key =
            report_.with_flagged ? Key::report_flagged_in : Key::report_flagged_left_out;
        line("  " + words_.format(key, {{"n", std::to_string(report_.flagged)}}));
    }

    std::string label_of(const GroupKey& key) const {
        std::string label;
        if (key.unit) {
            label = unit_name(*key.unit);
        }
        if (key.channel) {
            label += (label.empty() ? "" : " · ") + channel_name(*key.channel);
        }
        if (key.language) {
            const auto language = survey::language_from(*key.language);
            label += (label.empty() ? "" : " · ") +
                     (language ? words_[language_key(*language)] : *key.language);
        }
        if (key.respondent) {
            label += (label.empty() ? "" : " · ") + respondent_name(*key.respondent);
        }
        if (key.instrument) {
            label += (label.empty() ? "" : " · ") + asked(*key.instrument);
        }
        return label;
    }

    void groups() {
        if (report_.groups.empty()) {
            return;
        }
        const std::size_t label_columns = style_.width - 48;
        line("");
        line("  " + bold(fit(words_[Key::report_groups], label_columns)) +
             dim(fit("n", 7, true) + fit("NPS", 6, true) + "  " +
                 fit(words_[Key::report_interval_short], 15) + words_[Key::report_change_short]));
        for (const ReportGroup& group : report_.groups) {
            const std::string start = "  " + fit(label_of(group.key), label_columns) +
                                      fit(std::to_string(group.now.n), 7, true);
            if (!group.now.nps) {
                held_back_ = held_back_ || group.now.nps_suppressed;
                line(start + fit("–", 6, true));
                continue;
            }
            const auto& [low, high] = group.now.nps->interval;
            std::string change = "–";
            if (group.change) {
                change =
                    signed_number(group.change->value) + " " + words_[verdict_word(*group.change)];
            }
            std::string row = start;
            row.append(bold(fit(signed_number(group.now.nps->value), 6, true))).append("  ");
            line(row.append(fit(range(low, high), 15)).append(change));
        }
    }

    const Report& report_;
    const Catalogue& words_;
    const TextStyle& style_;
    bool comma_;
    bool held_back_ = false;
    std::string text_;
};

}  // namespace

std::string report_text(const Report& report, const Catalogue& words, const TextStyle& style) {
    return Writer(report, words, style).write();
}

}  // namespace kaiku::central
