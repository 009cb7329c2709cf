// What bench/sync/run.py cannot do from outside.
//
//   kaiku-sync-bench fill DATA_DIR UNIT COUNT       keeps answers as the terminal does
//   kaiku-sync-bench thanks EMPTY FULL UNIT COUNT   one JSON line: {"empty_ms":[…],"full_ms":[…]},
//                                                   milliseconds from Send to Saved in two folders
//   kaiku-sync-bench open BYTES SECONDS             crypto_box_seal_open() of boxes of so many
//                                                   bytes: how many a second of one core's time
#include <sodium.h>
#include <time.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/visitor.hpp"
#include "kiosk/main/keeping.hpp"

namespace {

using namespace kaiku;

int fill(const std::string& data_dir, const std::string& unit, unsigned long long count) {
    unsigned long long kept = 0;
    kiosk::KeeperOptions options;
    options.data_dir = data_dir;
    kiosk::Keeping keeping(options, [&](const flow::Event& event) {
        if (std::holds_alternative<flow::event::Saved>(event)) ++kept;
    });
    keeping.open();
    std::mt19937 random(std::random_device{}());
    for (unsigned long long number = 0; number < count && keeping.is_open(); ++number) {
        keeping.keep(bench::make_response(random, unit));
    }
    if (kept == count) return 0;
    std::fprintf(stderr, "sync-bench: kept %llu of %llu answers\n", kept, count);
    return 1;
}

void print_list(const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::printf("%s%.4f", i == 0 ? "" : ",", values[i]);
    }
}

/// The two take turns answer by answer, now one first and now the other: a disk's flush time swings
/// by a factor of ten, and depends on the flush before.
int thanks(const std::string& empty, const std::string& full, const std::string& unit,
           unsigned long long count) {
    constexpr unsigned long long kWarmUp = 10;
    bench::Visitor at_empty(empty);
    bench::Visitor at_full(full);
    std::mt19937 random(std::random_device{}());
    std::vector<double> empty_ms;
    std::vector<double> full_ms;
    for (unsigned long long number = 0; number < count + kWarmUp; ++number) {
        const bool full_first = number % 2 == 1;
        bench::Visitor& first = full_first ? at_full : at_empty;
        bench::Visitor& second = full_first ? at_empty : at_full;
        const auto one = first.thanks_ms(bench::make_response(random, unit));
        const auto other = second.thanks_ms(bench::make_response(random, unit));
        if (!one || !other) {
            std::fputs("sync-bench: an answer was not kept\n", stderr);
            return 1;
        }
        if (number < kWarmUp) continue;
        empty_ms.push_back(full_first ? *other : *one);
        full_ms.push_back(full_first ? *one : *other);
    }
    std::printf("{\"empty_ms\":[");
    print_list(empty_ms);
    std::printf("],\"full_ms\":[");
    print_list(full_ms);
    std::printf("]}\n");
    return 0;
}

/// Of this thread on its core, whatever else the machine does meanwhile.
double core_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

int open_boxes(std::size_t bytes, double seconds) {
    constexpr std::size_t kBoxes = 256;
    if (sodium_init() < 0 || bytes <= crypto_box_SEALBYTES || seconds <= 0) return 2;
    std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES> open_key{};
    std::array<std::uint8_t, crypto_box_SECRETKEYBYTES> secret_key{};
    crypto_box_keypair(open_key.data(), secret_key.data());
    std::vector<std::uint8_t> plain(bytes - crypto_box_SEALBYTES);
    std::vector<std::vector<std::uint8_t>> boxes(kBoxes, std::vector<std::uint8_t>(bytes));
    for (auto& box : boxes) {
        randombytes_buf(plain.data(), plain.size());
        crypto_box_seal(box.data(), plain.data(), plain.size(), open_key.data());
    }
    std::size_t opened = 0;
    const double start = core_seconds();
    double took = 0;
    while (took < seconds) {
        for (const auto& box : boxes) {
            if (crypto_box_seal_open(plain.data(), box.data(), box.size(), open_key.data(),
                                     secret_key.data()) != 0) {
                return 1;
            }
        }
        opened += kBoxes;
        took = core_seconds() - start;
    }
    std::printf("%.1f\n", static_cast<double>(opened) / took);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> given(argv + 1, argv + argc);
    const auto number = [](const std::string& text) {
        return std::strtoull(text.c_str(), nullptr, 10);
    };
    if (given.size() == 4 && given[0] == "fill") return fill(given[1], given[2], number(given[3]));
    if (given.size() == 5 && given[0] == "thanks") {
        return thanks(given[1], given[2], given[3], number(given[4]));
    }
    if (given.size() == 3 && given[0] == "open") {
        return open_boxes(number(given[1]), std::atof(given[2].c_str()));
    }
    std::fputs("usage: kaiku-sync-bench fill|thanks|open …\n", stderr);
    return 2;
}
