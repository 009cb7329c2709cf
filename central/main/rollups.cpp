#include <unistd.h>

#include <cstdio>

#include "central/main/commands.hpp"

namespace kaiku::central {
namespace {

/// A line that goes on with the months, for whoever watches.
MonthTold told_on_terminal() {
    if (isatty(STDERR_FILENO) == 0) return {};
    return [](std::int64_t month) {
        std::fprintf(stderr, "\r%04d-%02d ", static_cast<int>(month / 100),
                     static_cast<int>(month % 100));
    };
}

void end_line() {
    if (isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);
}

}  // namespace

Status run_verify(const Settings& settings, const CommandLine& /*line*/) {
    const auto store = open_store(settings, false);
    if (!store) return tl::make_unexpected(store.error());
    const auto differences = (*store)->verify(told_on_terminal());
    end_line();
    if (!differences) return tl::make_unexpected(differences.error());
    std::string out;
    for (const RollupDifference& one : *differences) {
        out += one.level + " " + std::to_string(one.start) + "  " + one.unit + "  " + one.slice +
               ": counts " + (one.counted ? std::to_string(*one.counted) : "unreadable") +
               ", stored " + std::to_string(one.stored) + "\n";
    }
    if (out.empty()) return print("every rollup counts what is stored\n");
    if (Status printed = print(out); !printed) return printed;
    return fail(Errc::corrupt, std::to_string(differences->size()) +
                                   " rollups differ from the answers; run kaiku-central rebuild");
}

Status run_rebuild(const Settings& settings, const CommandLine& /*line*/) {
    const auto store = open_store(settings, false);
    if (!store) return tl::make_unexpected(store.error());
    Status done = (*store)->rebuild(told_on_terminal());
    end_line();
    return done;
}

Status run_organiser_add(const Settings& settings, const CommandLine& line) {
    const auto stores = open_stores(settings, true);
    if (!stores) return tl::make_unexpected(stores.error());
    return (*stores)->add(line.added);
}

Status run_organiser_list(const Settings& settings, const CommandLine& /*line*/) {
    const auto stores = open_stores(settings, false);
    if (!stores) return tl::make_unexpected(stores.error());
    const auto organisers = (*stores)->organisers();
    if (!organisers) return tl::make_unexpected(organisers.error());
    std::string out;
    for (const Organiser& one : *organisers) {
        out += one.code + "  " + (one.host.empty() ? "any other host" : one.host) +
               (one.name.empty() ? "" : "  " + one_line(one.name)) + "\n";
    }
    return print(out);
}

}  // namespace kaiku::central
