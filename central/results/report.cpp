#include "central/results/report.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "central/results/csv.hpp"

namespace kaiku::central {
namespace {

using Json = nlohmann::ordered_json;

Selection selection_of(const ReportQuestion& question, const Period& period, const UnitTree& units,
                       bool with_flagged) {
    return {start_of(period.from), start_of(period.to + std::chrono::days(1)),
            units.selection(),     with_flagged,
            question.instrument,   question.version,
            question.respondent};
}

std::int64_t count(const Tallies& tallies, std::int64_t Tally::*what) {
    std::int64_t sum = 0;
    for (const auto& [key, tally] : tallies) {
        sum += tally.*what;
    }
    return sum;
}

/// How many answers of the period are flagged; `counted` has them in, or not.
Result<std::int64_t> flagged_in(Store& store, const Tallies& counted, const Selection& everything,
                                bool with_flagged) {
    if (with_flagged) {
        return count(counted, &Tally::flagged);
    }
    return store.tally(everything).map([](const Tallies& all) {
        return count(all, &Tally::flagged);
    });
}

/// How many answers of the selection's kind carry a date that cannot be right.
Result<std::int64_t> misdated_in(Store& store, Selection selection, survey::UtcSeconds now) {
    constexpr std::chrono::sys_days kFirst = std::chrono::year{2020} / std::chrono::January / 1;
    constexpr std::chrono::days kZones{1};
    selection.from = survey::UtcSeconds::min();
    selection.to = kFirst;
    const Result<Tallies> early = store.tally(selection);
    if (!early || now > survey::UtcSeconds::max() - kZones) {
        return early.map([](const Tallies& all) { return count(all, &Tally::responses); });
    }
    selection.from = now + kZones;
    selection.to = survey::UtcSeconds::max();
    return store.tally(selection).map([&](const Tallies& late) {
        return count(*early, &Tally::responses) + count(late, &Tally::responses);
    });
}

std::optional<survey::NpsChange> change_between(const Figures& now, const Figures& before) {
    if (!now.nps || !before.nps) {
        return std::nullopt;
    }
    return survey::change_of(now.nps->counts, before.nps->counts);
}

template <class Value>
Json json_or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json nps_json(const Figures& figures) {
    if (!figures.nps) {
        const Json none = figures.nps_suppressed ? Json(nullptr) : Json(0);
        return {{"value", nullptr},  {"low", nullptr},   {"high", nullptr},   {"n", none},
                {"promoters", none}, {"passives", none}, {"detractors", none}};
    }
    const survey::Nps& nps = *figures.nps;
    return {{"value", nps.value},
            {"low", nps.interval.low},
            {"high", nps.interval.high},
            {"n", nps.counts.n()},
            {"promoters", nps.counts.promoters},
            {"passives", nps.counts.passives},
            {"detractors", nps.counts.detractors}};
}

Json statements_json(const Figures& figures) {
    Json all = Json::object();
    for (const auto& [key, statement] : figures.statements) {
        if (statement) {
            all[key] = {{"n", statement->n},
                        {"mean", statement->mean},
                        {"agree_pct", statement->agree_pct}};
        } else {
            all[key] = {{"n", nullptr}, {"mean", nullptr}, {"agree_pct", nullptr}};
        }
    }
    return all;
}

Json change_json(const std::optional<survey::NpsChange>& change) {
    if (!change) {
        return nullptr;
    }
    return {{"value", change->value},
            {"low", change->interval.low},
            {"high", change->interval.high},
            {"beyond_chance", change->beyond_chance}};
}

Json period_json(const Period& period) {
    return {{"from", format_day(period.from)}, {"to", format_day(period.to)}};
}

Json instruments_json(const Figures& figures) {
    Json all = Json::array();
    for (const auto& [asked, count] : figures.instruments) {
        all.push_back({{"id", asked.id}, {"version", asked.version}, {"n", count}});
    }
    return all;
}

Json instrument_json(const std::optional<InstrumentVersion>& asked) {
    if (!asked) {
        return nullptr;
    }
    return {{"id", asked->id}, {"version", asked->version}};
}

/// "quick-nps 1: 120; national-adult 2: 33"
std::string instruments_text(const Figures& figures) {
    std::string text;
    for (const auto& [asked, count] : figures.instruments) {
        text += text.empty() ? "" : "; ";
        text += asked.id + " " + std::to_string(asked.version) + ": " + std::to_string(count);
    }
    return text;
}

Json group_json(const ReportGroup& group) {
    Json channels = Json::object();
    for (const auto& [channel, count] : group.now.channels) {
        channels[channel] = count;
    }
    Json respondents = Json::object();
    for (const auto& [kind, count] : group.now.respondents) {
        respondents[kind] = count;
    }
    return {{"unit", json_or_null(group.key.unit)},
            {"channel", json_or_null(group.key.channel)},
            {"language", json_or_null(group.key.language)},
            {"respondent", json_or_null(group.key.respondent)},
            {"instrument", instrument_json(group.key.instrument)},
            {"n", group.now.n},
            {"nps", nps_json(group.now)},
            {"statements", statements_json(group.now)},
            {"suppressed", group.now.suppressed || group.now.nps_suppressed},
            {"channels", channels},
            {"respondents", respondents},
            {"assisted", group.now.assisted},
            {"instruments", instruments_json(group.now)},
            {"previous",
             {{"n", group.before.n},
              {"nps", nps_json(group.before)},
              {"instruments", instruments_json(group.before)}}},
            {"change", change_json(group.change)}};
}

std::set<std::string> statement_keys(const Report& report) {
    std::set<std::string> keys;
    for (const auto& [key, ignored] : report.total.now.statements) {
        keys.insert(key);
    }
    return keys;
}

void add_numbers(CsvLine& line, const ReportGroup& group) {
    const auto& nps = group.now.nps;
    line.integer(group.now.n).text(group.now.suppressed || group.now.nps_suppressed ? "1" : "0");
    if (nps) {
        line.number(nps->value).number(nps->interval.low).number(nps->interval.high);
        line.integer(nps->counts.n()).integer(nps->counts.promoters);
        line.integer(nps->counts.passives).integer(nps->counts.detractors);
    } else {
        line.empty(7);
    }
    line.integer(group.before.n);
    if (group.before.nps) {
        line.number(group.before.nps->value);
    } else {
        line.empty(1);
    }
    if (group.change) {
        line.number(group.change->value).number(group.change->interval.low);
        line.number(group.change->interval.high).text(group.change->beyond_chance ? "1" : "0");
    } else {
        line.empty(4);
    }
}

}  // namespace

Result<Report> make_report(Store& store, const ReportQuestion& question) {
    const Result<std::vector<Unit>> units = store.units();
    if (!units) {
        return tl::make_unexpected(units.error());
    }
    const Result<UnitTree> tree = UnitTree::build(*units, question.unit);
    if (!tree) {
        return tl::make_unexpected(tree.error());
    }
    const Result<Tallies> now =
        store.tally(selection_of(question, question.period, *tree, question.with_flagged));
    if (!now) {
        return tl::make_unexpected(now.error());
    }
    const Result<Tallies> before =
        store.tally(selection_of(question, question.period.before(), *tree, question.with_flagged));
    if (!before) {
        return tl::make_unexpected(before.error());
    }
    const Result<std::int64_t> flagged = flagged_in(
        store, *now, selection_of(question, question.period, *tree, true), question.with_flagged);
    if (!flagged) {
        return tl::make_unexpected(flagged.error());
    }
    const Result<std::int64_t> misdated =
        misdated_in(store, selection_of(question, question.period, *tree, true), question.now);
    if (!misdated) {
        return tl::make_unexpected(misdated.error());
    }
    const FigureTable current = make_figures(*now, *tree, question.split, question.minimum_n);
    const FigureTable earlier = make_figures(*before, *tree, question.split, question.minimum_n);

    Report report;
    report.period = question.period;
    report.unit = question.unit;
    report.split = question.split;
    report.minimum_n = question.minimum_n;
    report.with_flagged = question.with_flagged;
    report.instrument = question.instrument;
    report.version = question.version;
    report.respondent = question.respondent;
    report.misdated = *misdated;
    report.flagged = *flagged;
    report.total = {GroupKey(), current.total, earlier.total,
                    change_between(current.total, earlier.total)};
    for (const auto& [key, figures] : current.groups) {
        const auto found = earlier.groups.find(key);
        const Figures then = found == earlier.groups.end() ? Figures() : found->second;
        report.groups.push_back({key, figures, then, change_between(figures, then)});
    }
    for (const Unit& unit : *units) {
        report.units.emplace(unit.code, unit);
    }
    return report;
}

std::string report_json(const Report& report) {
    Json groups = Json::array();
    for (const ReportGroup& group : report.groups) {
        groups.push_back(group_json(group));
    }
    const Json document{{"period", period_json(report.period)},
                        {"total", group_json(report.total)},
                        {"groups", groups},
                        {"previous_period", period_json(report.period.before())},
                        {"minimum_n", report.minimum_n},
                        {"instrument", json_or_null(report.instrument)},
                        {"version", json_or_null(report.version)},
                        {"respondent", json_or_null(report.respondent)},
                        {"misdated", report.misdated},
                        {"flagged", report.flagged},
                        {"without_flagged", !report.with_flagged}};
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string report_csv(const Report& report) {
    const std::set<std::string> keys = statement_keys(report);
    std::string text =
        "unit,channel,language,n,suppressed,nps,nps_low,nps_high,nps_n,promoters,passives,"
        "detractors,previous_n,previous_nps,change,change_low,change_high,beyond_chance,"
        "respondent,instruments";
    for (const std::string& key : keys) {
        for (const char* figure : {"_n", "_mean", "_agree_pct"}) {
            text.append(",").append(key).append(figure);
        }
    }
    text += "\r\n";
    const auto add = [&](const ReportGroup& group) {
        CsvLine line;
        line.text(group.key.unit.value_or("")).text(group.key.channel.value_or(""));
        line.text(group.key.language.value_or(""));
        add_numbers(line, group);
        line.text(group.key.respondent.value_or("")).text(instruments_text(group.now));
        for (const std::string& key : keys) {
            const auto found = group.now.statements.find(key);
            if (found != group.now.statements.end() && found->second) {
                line.integer(found->second->n).number(found->second->mean);
                line.number(found->second->agree_pct);
            } else {
                line.empty(3);
            }
        }
        text += line.finish();
    };
    add(report.total);
    for (const ReportGroup& group : report.groups) {
        add(group);
    }
    return text;
}

}  // namespace kaiku::central
