// From a finished answer to a durable one, against a raw write of the same size to the same disk.
//
//   kaiku-save-bench FOLDER ROUNDS   one JSON line: {"bytes","keeper_ms":[…],"raw_ms":[…]}
//
// The two take turns, because a virtual disk's flush time swings by a factor of ten.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bench/visitor.hpp"
#include "survey/wire.hpp"
#include "sync/device_identity.hpp"
#include "sync/sealing.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace kaiku;

void print_list(const char* name, const std::vector<double>& values) {
    std::printf("\"%s\":[", name);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::printf("%s%.4f", i == 0 ? "" : ",", values[i]);
    }
    std::printf("]");
}

/// An enrolled device: its answers are sealed.
std::optional<sync::PublicKey> enrolled(const std::string& data_dir) {
    const auto key = sync::KeyPair::make();
    if (!key) return std::nullopt;
    const std::string text = sync::encode_key(key->public_key());
    const sync::DeviceIdentity identity{.central_url = "https://central.example",
                                        .enrolment = {.device_id = "bench",
                                                      .credential = "bench",
                                                      .unit = "BENCH",
                                                      .unit_name_fi = "",
                                                      .unit_name_sv = "",
                                                      .sealing_key = text}};
    if (!sync::save_identity(data_dir, identity)) return std::nullopt;
    return key->public_key();
}

int measure(const std::string& folder, int rounds) {
    const auto key = enrolled(folder + "/device");
    if (!key) {
        std::fputs("save-bench: no identity could be written\n", stderr);
        return 1;
    }
    const int file =
        open((folder + "/raw").c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) {
        std::perror("save-bench: raw file");
        return 1;
    }
    bench::Visitor visitor(folder + "/device");
    std::mt19937 random(20261122);
    std::vector<double> keeper_ms;
    std::vector<double> raw_ms;
    std::size_t bytes = 0;
    for (int round = 0; round < rounds + 10; ++round) {
        const survey::Response response = bench::make_response(random, "BENCH");
        // What the keeper writes, made outside the time that is taken.
        const std::string payload =
            sync::seal_answer(survey::encode_response(response), *key).value();
        bytes = payload.size();

        const auto kept = visitor.thanks_ms(response);
        if (!kept) {
            std::fputs("save-bench: the keeper did not keep an answer\n", stderr);
            return 1;
        }

        const auto start = Clock::now();
        if (write(file, payload.data(), payload.size()) != static_cast<ssize_t>(payload.size()) ||
            fsync(file) != 0) {
            std::perror("save-bench: raw write");
            return 1;
        }
        const double raw = bench::milliseconds_since(start);
        if (round < 10) continue;  // opening and warming up
        keeper_ms.push_back(*kept);
        raw_ms.push_back(raw);
    }
    close(file);
    std::printf("{\"bytes\":%zu,", bytes);
    print_list("keeper_ms", keeper_ms);
    std::printf(",");
    print_list("raw_ms", raw_ms);
    std::printf("}\n");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
    if (rounds < 1) {
        std::fputs("usage: kaiku-save-bench FOLDER ROUNDS\n", stderr);
        return 2;
    }
    return measure(argv[1], rounds);
}
