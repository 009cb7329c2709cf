// kaiku-simulator: runs seeds on several processes and says what came of them.
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/world.hpp"

namespace kaiku::sim {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::uint64_t first = 1;
    std::uint64_t seeds = 1;
    int workers = 2;
    bool trace = false;
    bool log = false;            ///< the programs' own logs too
    bool until_broken = false;   ///< stop at the first seed that breaks a promise
    bool every_trouble = false;  ///< fail if one of them did not happen
};

/// What a worker says of a seed; small enough to pass a pipe in one piece.
struct Word {
    std::uint64_t seed = 0;
    int broken = 0;
    Tally tally;
};
static_assert(sizeof(Word) <= 512);

void print_broken(std::uint64_t seed, const Outcome& outcome) {
    std::string text;
    for (const auto& broken : outcome.broken) {
        text += "seed " + std::to_string(seed) + " breaks promise " +
                std::string(name_of(broken.promise)) + "\n  " + broken.detail + "\n";
    }
    text += outcome.trace;
    text += "again: scripts/simulate.sh --seed " + std::to_string(seed) + "\n";
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

void work(const Options& options, int worker, int out) {
    for (auto at = static_cast<std::uint64_t>(worker); at < options.seeds;
         at += static_cast<std::uint64_t>(options.workers)) {
        const auto outcome = simulate(options.first + at, options.trace);
        const Word word{options.first + at, static_cast<int>(outcome.broken.size()), outcome.tally};
        if (!outcome.broken.empty()) {
            print_broken(word.seed, outcome);
        } else if (options.trace) {
            (void)std::fwrite(outcome.trace.data(), 1, outcome.trace.size(), stdout);
        }
        (void)std::fflush(nullptr);
        if (write(out, &word, sizeof word) != sizeof word) return;
        if (options.until_broken && word.broken > 0) return;
    }
}

struct Sum {
    Tally tally;
    std::uint64_t seeds = 0;
    std::vector<std::uint64_t> broken;
    double seconds = 0;
    double processor_seconds = 0;  ///< of all workers
};

/// Reads what the workers say until the last of them is silent.
Sum listen(const Options& options, int in, Clock::time_point start) {
    Sum sum;
    Word word;
    auto told = start;
    while (read(in, &word, sizeof word) == sizeof word) {
        ++sum.seeds;
        sum.tally.add(word.tally);
        if (word.broken > 0) sum.broken.push_back(word.seed);
        const auto now = Clock::now();
        sum.seconds = std::chrono::duration<double>(now - start).count();
        if (now - told > std::chrono::seconds(5)) {
            told = now;
            std::fprintf(stderr, "\r%llu of %llu seeds, %.0f a second, %zu broken ",
                         static_cast<unsigned long long>(sum.seeds),
                         static_cast<unsigned long long>(options.seeds),
                         static_cast<double>(sum.seeds) / sum.seconds, sum.broken.size());
        }
        if (options.until_broken && word.broken > 0) break;
    }
    return sum;
}

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

bool print_sum(const Options& options, const Sum& sum) {
    const auto& tally = sum.tally;
    const auto line = [](std::string_view name, std::int64_t count) {
        std::printf("  %-44.*s %12lld\n", static_cast<int>(name.size()), name.data(),
                    static_cast<long long>(count));
    };
    std::printf("%llu seeds in %.1f s, %.1f a second; %.1f s of processor time\n",
                static_cast<unsigned long long>(sum.seeds), sum.seconds,
                static_cast<double>(sum.seeds) / sum.seconds, sum.processor_seconds);
    line("devices", tally.devices);
    line("device-days", tally.device_seconds / 86'400);
    line("visitors who wrote", tally.visits);
    line("answers thanked", tally.thanked);
    line("answers at central", tally.stored);
    line("answers lost with what a backup did not hold", tally.excused);
    line("devices whose ledger was compared by the day", tally.ledgers);
    line("requests", tally.posts);
    line("calls that change a disk", tally.disk_calls);
    std::printf("troubles\n");
    bool every = true;
    for (std::size_t at = 0; at < kTroubleNames.size(); ++at) {
        line(kTroubleNames.at(at), tally.troubles.at(at));
        every = every && tally.troubles.at(at) > 0;
    }
    if (!every && options.every_trouble) std::printf("NOT EVERY TROUBLE HAPPENED\n");
    if (sum.broken.empty()) {
        std::printf("promises broken: none\n");
    } else {
        std::printf("promises broken in %zu seeds, first in seed %llu\n", sum.broken.size(),
                    static_cast<unsigned long long>(sum.broken.front()));
    }
    return sum.broken.empty() && (every || !options.every_trouble);
}

int run(const Options& options) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return 2;
    const auto start = Clock::now();
    std::vector<pid_t> workers;
    for (int worker = 0; worker < options.workers; ++worker) {
        const pid_t child = fork();
        if (child < 0) return 2;
        if (child == 0) {
            close(ends[0]);
            work(options, worker, ends[1]);
            close(ends[1]);
            std::exit(0);
        }
        workers.push_back(child);
    }
    close(ends[1]);
    Sum sum = listen(options, ends[0], start);
    close(ends[0]);
    bool whole = options.until_broken || sum.seeds == options.seeds;
    for (const pid_t child : workers) {
        int status = 0;
        waitpid(child, &status, 0);
        whole = whole && (options.until_broken || status == 0);
    }
    rusage used{};
    if (getrusage(RUSAGE_CHILDREN, &used) == 0) {
        sum.processor_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    }
    std::fputs("\n", stderr);
    const bool good = print_sum(options, sum);
    if (!whole) std::printf("A WORKER ENDED EARLY\n");
    return good && whole ? 0 : 1;
}

bool read_number(const char* text, std::uint64_t& number) {
    const char* end = text + std::strlen(text);
    return std::from_chars(text, end, number).ptr == end && number > 0;
}

bool read_options(int count, char** words, Options& options) {
    std::uint64_t workers = 2;
    const std::map<std::string_view, bool*> flags{{"--trace", &options.trace},
                                                  {"--log", &options.log},
                                                  {"--until-broken", &options.until_broken},
                                                  {"--every-trouble", &options.every_trouble}};
    const std::map<std::string_view, std::uint64_t*> numbers{
        {"--seeds", &options.seeds}, {"--first", &options.first}, {"--workers", &workers}};
    for (int at = 1; at < count; ++at) {
        if (const auto flag = flags.find(words[at]); flag != flags.end()) {
            *flag->second = true;
            continue;
        }
        const auto number = numbers.find(words[at]);
        if (number == numbers.end() || ++at == count) return false;
        if (!read_number(words[at], *number->second)) return false;
    }
    options.workers = static_cast<int>(std::min<std::uint64_t>(workers, 64));
    return true;
}

}  // namespace
}  // namespace kaiku::sim

int main(int count, char** words) {
    kaiku::sim::Options options;
    if (!kaiku::sim::read_options(count, words, options)) {
        std::fputs(
            "kaiku-simulator [--first SEED] [--seeds N] [--workers N] [--trace] [--log] "
            "[--until-broken] [--every-trouble]\n",
            stderr);
        return 2;
    }
    spdlog::set_level(options.log ? spdlog::level::info : spdlog::level::off);
    // One thread uses SQLite: it needs no locks of its own, and no count of its memory.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return kaiku::sim::run(options);
}
