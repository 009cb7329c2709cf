#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iterator>

#include "central/main/commands.hpp"
#include "central/main/people.hpp"
#include "central/results/export.hpp"
#include "central/results/ledger.hpp"
#include "central/results/period.hpp"
#include "central/results/report.hpp"
#include "central/results/report_text.hpp"

namespace kaiku::central {
namespace {

Result<Split> parse_split(std::string_view by) {
    Split split;
    while (!by.empty()) {
        const auto comma = by.find(',');
        const std::string_view word = by.substr(0, comma);
        if (word == "unit") {
            split.unit = true;
        } else if (word == "channel") {
            split.channel = true;
        } else if (word == "language") {
            split.language = true;
        } else if (word == "respondent") {
            split.respondent = true;
        } else if (word == "instrument") {
            split.instrument = true;
        } else {
            return fail(Errc::invalid,
                        "--by: '" + std::string(word) +
                            "' is none of unit, channel, language, respondent, instrument");
        }
        by.remove_prefix(comma == std::string_view::npos ? by.size() : comma + 1);
    }
    return split;
}

/// Lays --instrument and --respondent over a question or a selection.
template <class Target>
Status apply_filters(const CommandLine& line, Target& target) {
    const auto colon = line.instrument.find(':');
    if (!line.instrument.empty()) target.instrument = line.instrument.substr(0, colon);
    if (colon != std::string::npos) {
        const char* const last = line.instrument.data() + line.instrument.size();
        int version = 0;
        const auto [end, bad] = std::from_chars(line.instrument.data() + colon + 1, last, version);
        if (colon == 0 || bad != std::errc() || end != last || version < 1) {
            return fail(Errc::invalid, "--instrument: '" + line.instrument +
                                           "' is no survey; write quick-nps or quick-nps:2");
        }
        target.version = version;
    }
    if (!line.respondent.empty() && !survey::respondent_kind_from(line.respondent)) {
        return fail(Errc::invalid, "--respondent: '" + line.respondent +
                                       "' is none of adult, youth, child, relative");
    }
    if (!line.respondent.empty()) target.respondent = line.respondent;
    return {};
}

TextStyle terminal_style() {
    TextStyle style;
    if (isatty(STDOUT_FILENO) == 0) {
        return style;
    }
    style.colour = std::getenv("NO_COLOR") == nullptr;  // NOLINT(concurrency-mt-unsafe)
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        style.width = std::clamp<std::size_t>(size.ws_col, 80, 100);
    }
    return style;
}

Status print_text(const Report& report, const CommandLine& line) {
    const auto language = survey::language_from(line.language);
    KAIKU_ASSERT(language.has_value());
    const auto words = locales::Catalogue::load(share_folder() / "locales", *language);
    if (!words) {
        return tl::make_unexpected(words.error());
    }
    TextStyle style = terminal_style();
    style.statements =
        statement_wordings(share_folder() / "instruments", *language, report.total.now.instruments);
    return print(report_text(report, *words, style));
}

/// Which answers an export was asked for.
std::string asked_for(const CommandLine& line) {
    std::string said;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) said += (said.empty() ? "" : ", ") + (name + (" " + value));
    };
    add("from", line.from);
    add("to", line.to);
    add("unit", line.code);
    add("instrument", line.instrument);
    add("respondent", line.respondent);
    return said.empty() ? "everything" : said;
}

std::optional<std::string> chosen(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

Status run_report(const Settings& settings, const CommandLine& line) {
    ReportQuestion question;
    const Result<Period> period = parse_period(line.from, line.to);
    if (!period) {
        return tl::make_unexpected(period.error());
    }
    const Result<Split> split = parse_split(line.by);
    if (!split) {
        return tl::make_unexpected(split.error());
    }
    if (!survey::language_from(line.language)) {
        return fail(Errc::invalid, "--lang: '" + line.language + "' is none of fi, sv, en");
    }
    if (line.format != "text" && line.format != "json" && line.format != "csv") {
        return fail(Errc::invalid, "--format: use text, json or csv");
    }
    question.period = *period;
    question.split = *split;
    question.unit = chosen(line.code);
    question.with_flagged = !line.without_flagged;
    question.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (Status filtered = apply_filters(line, question); !filtered) {
        return filtered;
    }
    question.minimum_n = line.minimum_n.value_or(settings.minimum_n);
    const auto store = open_store(settings, false);
    if (!store) {
        return tl::make_unexpected(store.error());
    }
    const Result<Report> report = make_report(**store, question);
    if (!report) {
        return tl::make_unexpected(report.error());
    }
    if (line.format == "json") {
        return print(report_json(*report));
    }
    return line.format == "csv" ? print(report_csv(*report)) : print_text(*report, line);
}

Status run_export(const Settings& settings, const CommandLine& line) {
    if (line.format != "jsonl" && line.format != "csv") {
        return fail(Errc::invalid, "--format: use jsonl or csv");
    }
    Selection selection;
    if (Status filtered = apply_filters(line, selection); !filtered) {
        return filtered;
    }
    if (!line.from.empty() || !line.to.empty()) {
        const Result<Period> period = parse_period(line.from.empty() ? "2000-01-01" : line.from,
                                                   line.to.empty() ? "2199-12-30" : line.to);
        if (!period) {
            return tl::make_unexpected(period.error());
        }
        selection.from = start_of(period->from);
        selection.to = start_of(period->to + std::chrono::days(1));
    }
    const auto stores = open_stores(settings, false);
    if (!stores) return tl::make_unexpected(stores.error());
    const auto store = (*stores)->of(settings.organiser);
    if (!store) {
        return tl::make_unexpected(store.error());
    }
    if (!line.code.empty()) {
        const auto units = (*store)->units();
        if (!units) {
            return tl::make_unexpected(units.error());
        }
        const Result<UnitTree> tree = UnitTree::build(*units, line.code);
        if (!tree) {
            return tl::make_unexpected(tree.error());
        }
        selection.units = tree->selection();
    }
    // Before the first text is out: what is not recorded is not shown.
    if (Status recorded = record(settings, **stores, "read texts", asked_for(line), "export");
        !recorded) {
        return recorded;
    }
    return line.format == "csv" ? export_csv(**store, selection, print)
                                : export_jsonl(**store, selection, print);
}

Status run_ledger(const Settings& settings, const CommandLine& line) {
    const std::string format = line.format.empty() ? "text" : line.format;
    if (format != "text" && format != "json" && format != "csv") {
        return fail(Errc::invalid, "--format: '" + format + "' is none of text, json, csv");
    }
    for (const std::string* day : {&line.from, &line.to}) {
        const auto known = day->empty() ? std::chrono::sys_days() : parse_day(*day);
        if (!known) return tl::make_unexpected(known.error());
    }
    const auto store = open_store(settings, false);
    if (!store) return tl::make_unexpected(store.error());
    const auto units = (*store)->units();
    if (!units) return tl::make_unexpected(units.error());
    if (!line.code.empty() && std::ranges::find(*units, line.code, &Unit::code) == units->end()) {
        return fail(Errc::not_found, "--unit: there is no unit '" + line.code + "'");
    }
    const auto devices = (*store)->devices();
    if (!devices) return tl::make_unexpected(devices.error());
    const auto ledger = (*store)->ledger("", "", "9999-12-31");
    if (!ledger) return tl::make_unexpected(ledger.error());
    const JudgedLedger judged = judge_ledger(*ledger, *devices, line.from,
                                             line.to.empty() ? "9999-12-31" : line.to, line.code);
    return print(format == "json"  ? ledger_json(judged)
                 : format == "csv" ? ledger_csv(judged)
                                   : ledger_text(judged));
}

}  // namespace kaiku::central
