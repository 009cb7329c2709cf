// kaiku-sim: plays clients against a running central and says what came of it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "tools/sim/single.hpp"

namespace kaiku::sim {
namespace {

struct Arguments {
    SinglePlan plan;
    std::string token_file;
    std::string acknowledged;
    std::int64_t seconds = 10;
    bool json = false;
};

int end_with(const Error& error) {
    (void)std::fprintf(stderr, "kaiku-sim: %s\n", error.detail.c_str());
    return 2;
}

int run(Arguments arguments) {
    std::ifstream file(arguments.token_file);
    if (!(file >> arguments.plan.token)) {
        return end_with({Errc::io, "no token in " + arguments.token_file});
    }
    arguments.plan.duration = std::chrono::seconds(arguments.seconds);
    Outcome outcome;
    if (const Status kept = outcome.keep_ids(arguments.acknowledged); !kept) {
        return end_with(kept.error());
    }
    const auto seconds = play_single(arguments.plan, outcome, !arguments.json);
    if (!seconds) return end_with(seconds.error());
    const std::string said = arguments.json ? outcome.json(*seconds) : outcome.text(*seconds);
    (void)std::fputs(said.c_str(), stdout);
    return outcome.good() ? 0 : 1;
}

}  // namespace
}  // namespace kaiku::sim

int main(int count, char** words) {
    kaiku::sim::Arguments arguments;
    CLI::App app(
        "Plays clients against a running kaiku-central. Exit 1: an answer was lost, or a "
        "reply was unexpected.");
    bool single = false;
    app.add_flag("--single", single, "single answers, POST /v1/responses")->required();
    app.add_option("--address", arguments.plan.address, "IP address of central (plain HTTP)");
    app.add_option("--port", arguments.plan.port, "its port");
    app.add_option("--host", arguments.plan.host, "names the organiser, as in Host");
    app.add_option("--token-file", arguments.token_file, "holds a token for responses:write")
        ->required();
    app.add_option("--unit", arguments.plan.unit, "code of the unit")->required();
    app.add_option("--connections", arguments.plan.connections)->check(CLI::Range(1, 20'000));
    app.add_option("--seconds", arguments.seconds)->check(CLI::Range(1, 86'400));
    app.add_option("--rate", arguments.plan.rate, "answers a second; 0: as many as it takes")
        ->check(CLI::Range(0, 1'000'000));
    app.add_option("--acknowledged", arguments.acknowledged, "file for acknowledged ids");
    app.add_flag("--json", arguments.json, "figures as one JSON object");
    CLI11_PARSE(app, count, words);
    try {
        return kaiku::sim::run(std::move(arguments));
    } catch (const std::exception& exception) {
        return kaiku::sim::end_with({kaiku::Errc::io, exception.what()});
    }
}
