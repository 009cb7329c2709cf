#include "central/store/rollup.hpp"

#include <algorithm>
#include <charconv>

#include "central/store/day.hpp"

namespace kaiku::central {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

std::int64_t day_number(year_month_day date) {
    return (static_cast<int>(date.year()) * 100LL + static_cast<unsigned>(date.month())) * 100 +
           static_cast<unsigned>(date.day());
}

std::int64_t month_number(std::chrono::year_month month) {
    return static_cast<int>(month.year()) * 100LL + static_cast<unsigned>(month.month());
}

void append(std::string& text, std::int64_t number) {
    text += std::to_string(number);
    text += ' ';
}

void append(std::string& text, const survey::NpsCounts& nps) {
    append(text, nps.promoters);
    append(text, nps.passives);
    append(text, nps.detractors);
}

/// Reads words and numbers that are separated by single spaces.
class Words {
  public:
    explicit Words(std::string_view text) : rest_(text) {}

    std::string_view word() {
        const auto end = rest_.find(' ');
        const std::string_view found = rest_.substr(0, end);
        good_ = good_ && end != std::string_view::npos && !found.empty();
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return found;
    }
    std::int64_t number() {
        const std::string_view digits = word();
        std::int64_t value = 0;
        const auto [end, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        good_ =
            good_ && failed == std::errc() && end == digits.data() + digits.size() && value >= 0;
        return value;
    }
    survey::NpsCounts nps() {
        const auto promoters = number();
        const auto passives = number();
        return {promoters, passives, number()};
    }
    bool good() const { return good_; }
    bool done() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
    bool good_ = true;
};

RollupRange days_between(sys_days from, sys_days to) {
    return {RollupLevel::day, day_number(year_month_day(from)), day_number(year_month_day(to))};
}

}  // namespace

void RollupCounts::add(const survey::Response& response) {
    ++responses;
    assisted += response.assisted ? 1 : 0;
    if (response.answers.nps) nps.add(*response.answers.nps);
    for (const auto& [key, value] : response.answers.statements) statements[key].add(value);
}

void RollupCounts::merge(const RollupCounts& other) {
    responses += other.responses;
    assisted += other.assisted;
    nps.merge(other.nps);
    for (const auto& [key, counts] : other.statements) statements[key].merge(counts);
    for (const auto& [hour, counts] : other.hours) {
        hours[hour].responses += counts.responses;
        hours[hour].nps.merge(counts.nps);
    }
}

std::string encode_counts(const RollupCounts& counts) {
    std::string text;
    append(text, counts.responses);
    append(text, counts.assisted);
    append(text, counts.nps);
    for (const auto& [key, values] : counts.statements) {
        text += ";" + key + ' ';
        for (const std::int64_t value : values.by_value) append(text, value);
    }
    for (const auto& [hour, values] : counts.hours) {
        text += '@';
        append(text, hour);
        append(text, values.responses);
        append(text, values.nps);
    }
    return text;
}

std::optional<RollupCounts> decode_counts(std::string_view text) {
    Words words(text);
    RollupCounts counts;
    counts.responses = words.number();
    counts.assisted = words.number();
    counts.nps = words.nps();
    while (words.good() && !words.done()) {
        const std::string_view name = words.word();
        if (name.starts_with(';') && name.size() > 1) {
            auto& values = counts.statements[std::string(name.substr(1))].by_value;
            for (std::int64_t& value : values) value = words.number();
        } else if (name.starts_with('@')) {
            int hour = -1;
            std::from_chars(name.data() + 1, name.data() + name.size(), hour);
            if (hour < 0 || hour > 23) return std::nullopt;
            counts.hours[hour].responses = words.number();
            counts.hours[hour].nps = words.nps();
        } else {
            return std::nullopt;
        }
    }
    if (!words.good()) return std::nullopt;
    return counts;
}

std::string slice_of(const survey::Response& response) {
    std::string slice(survey::to_string(response.channel));
    slice += ' ';
    slice += survey::to_string(response.language);
    slice += ' ';
    slice += survey::to_string(response.respondent);
    slice += response.misuse.flags.empty() ? " - " : " flagged ";
    return slice + std::to_string(response.version) + ' ' + response.instrument;
}

std::optional<Slice> parse_slice(std::string_view text) {
    Words words(text);
    Slice slice;
    slice.key.channel = words.word();
    slice.key.language = words.word();
    slice.key.respondent = words.word();
    slice.flagged = words.word() == "flagged";
    slice.key.instrument.version = static_cast<int>(words.number());
    slice.key.instrument.id = words.rest();
    if (!words.good()) return std::nullopt;
    return slice;
}

void count_response(Rollups& rollups, const survey::Response& response) {
    const year_month_day date(day_of(response.answered_at));
    const std::string slice = slice_of(response);
    RollupCounts& day = rollups[{RollupLevel::day, response.unit, day_number(date), slice}];
    day.add(response);
    HourCounts& hour = day.hours[hour_of(response.answered_at)];
    ++hour.responses;
    if (response.answers.nps) hour.nps.add(*response.answers.nps);
    rollups[{RollupLevel::month, response.unit, month_number(date.year() / date.month()), slice}]
        .add(response);
    rollups[{RollupLevel::year, response.unit, static_cast<int>(date.year()), slice}].add(response);
}

std::vector<RollupRange> cover(sys_days from, sys_days to) {
    using std::chrono::day;
    using std::chrono::January;
    using std::chrono::months;
    using std::chrono::years;
    if (to <= from) return {};
    const year_month_day first(from);
    const year_month_day last(to);
    // The whole months and years inside.
    auto month = first.year() / first.month();
    if (first.day() != day(1)) month += months(1);
    const auto month_end = last.year() / last.month();
    if (month >= month_end) return {days_between(from, to)};
    std::vector<RollupRange> ranges;
    const auto add = [&ranges](RollupRange range) {
        if (range.from < range.to) ranges.push_back(range);
    };
    add(days_between(from, sys_days(month / day(1))));
    auto year = month.year() / January;
    if (month != year) year += years(1);
    const auto year_end = month_end.year() / January;
    if (year >= year_end) {
        add({RollupLevel::month, month_number(month), month_number(month_end)});
    } else {
        add({RollupLevel::month, month_number(month), month_number(year)});
        add({RollupLevel::year, static_cast<int>(year.year()), static_cast<int>(year_end.year())});
        add({RollupLevel::month, month_number(year_end), month_number(month_end)});
    }
    add(days_between(sys_days(month_end / day(1)), to));
    return ranges;
}

const char* name_of(RollupLevel level) noexcept {
    switch (level) {
        case RollupLevel::day:
            return "d";
        case RollupLevel::month:
            return "m";
        case RollupLevel::year:
            return "y";
    }
    return "";
}

}  // namespace kaiku::central
