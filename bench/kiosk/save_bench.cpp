// From a finished answer to a durable one, against a raw write of the same size to the same disk.
//
//   kaiku-save-bench FOLDER ROUNDS   one JSON line: {"bytes","keeper_ms":[…],"raw_ms":[…]}
//
// The two take turns, because a virtual disk's flush time swings by a factor of ten.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/main/keeper.hpp"
#include "survey/wire.hpp"
#include "sync/device_identity.hpp"
#include "sync/sealing.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace kaiku;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

survey::Response make_response(std::mt19937& random) {
    std::array<std::uint8_t, 16> bits{};
    for (auto& part : bits) part = static_cast<std::uint8_t>(random());
    survey::Response response{
        .id = survey::ResponseId::from_random(bits),
        .instrument = "national-adult",
        .unit = "BENCH",
        .answered_at = survey::UtcSeconds{std::chrono::seconds{1'800'000'000}},
        .answers = {},
        .contact = {}};
    response.answers.nps = 9;
    for (const char* key : {"help", "decided_together", "safe", "understandable", "easy"}) {
        response.answers.statements[key] = 4;
    }
    response.answers.text = "Ystävällinen vastaanotto, ja sain ajan jo samalle päivälle. Kiitos!";
    return response;
}

/// Waits for the keeper as the terminal's loop does: woken, then asking for events.
class Waiter {
  public:
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        changed_.notify_one();
    }
    bool wait() {
        std::unique_lock lock(mutex_);
        const bool woken =
            changed_.wait_for(lock, std::chrono::seconds(30), [this] { return woken_; });
        woken_ = false;
        return woken;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
};

/// True once the answer is durable; false if it could not be kept.
bool keep(kiosk::Keeper& keeper, Waiter& waiter, survey::Response response) {
    keeper.save(std::move(response));
    while (waiter.wait()) {
        for (const flow::Event& event : keeper.take_events()) {
            if (std::holds_alternative<flow::event::Saved>(event)) return true;
            if (std::holds_alternative<flow::event::SaveFailed>(event)) return false;
        }
    }
    return false;
}

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
    Waiter waiter;
    kiosk::Keeper keeper({.data_dir = folder + "/device"}, [&waiter] { waiter.wake(); });
    std::mt19937 random(20261122);
    std::vector<double> keeper_ms;
    std::vector<double> raw_ms;
    std::size_t bytes = 0;
    for (int round = 0; round < rounds + 10; ++round) {
        const survey::Response response = make_response(random);
        // What the keeper writes, made outside the time that is taken.
        const std::string payload =
            sync::seal_answer(survey::encode_response(response), *key).value();
        bytes = payload.size();

        // Visitors are seconds apart: by the next answer the keeper has come to rest.
        while (keeper.busy()) std::this_thread::yield();
        auto start = Clock::now();
        if (!keep(keeper, waiter, response)) {
            std::fputs("save-bench: the keeper did not keep an answer\n", stderr);
            return 1;
        }
        const double kept = milliseconds_since(start);

        start = Clock::now();
        if (write(file, payload.data(), payload.size()) != static_cast<ssize_t>(payload.size()) ||
            fsync(file) != 0) {
            std::perror("save-bench: raw write");
            return 1;
        }
        const double raw = milliseconds_since(start);
        if (round < 10) continue;  // opening and warming up
        keeper_ms.push_back(kept);
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
