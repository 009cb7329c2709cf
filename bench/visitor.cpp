#include "bench/visitor.hpp"

#include <array>
#include <thread>

namespace kaiku::bench {

survey::Response make_response(std::mt19937& random, const std::string& unit) {
    std::array<std::uint8_t, 16> bits{};
    for (auto& part : bits) part = static_cast<std::uint8_t>(random());
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    survey::Response response{.id = survey::ResponseId::from_random(bits),
                              .instrument = "national-adult",
                              .unit = unit,
                              .answered_at = survey::floor_to_hour(now),
                              .answers = {},
                              .contact = {}};
    response.answers.nps = 9;
    for (const char* key : {"help", "decided_together", "safe", "understandable", "easy"}) {
        response.answers.statements[key] = 4;
    }
    response.answers.text = "Ystävällinen vastaanotto, ja sain ajan jo samalle päivälle. Kiitos!";
    return response;
}

// Woken as the terminal's loop is, which then asks for events.
Visitor::Visitor(const std::string& data_dir)
    : keeper_({.data_dir = data_dir}, [this] {
          {
              const std::lock_guard lock(mutex_);
              woken_ = true;
          }
          changed_.notify_one();
      }) {}

bool Visitor::wait() {
    std::unique_lock lock(mutex_);
    const bool woken = changed_.wait_for(lock, std::chrono::seconds(30), [this] { return woken_; });
    woken_ = false;
    return woken;
}

std::optional<double> Visitor::thanks_ms(const survey::Response& response) {
    while (keeper_.busy()) std::this_thread::yield();
    const auto start = std::chrono::steady_clock::now();
    keeper_.save(response);
    while (wait()) {
        for (const flow::Event& event : keeper_.take_events()) {
            if (std::holds_alternative<flow::event::Saved>(event)) return milliseconds_since(start);
            if (std::holds_alternative<flow::event::SaveFailed>(event)) return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace kaiku::bench
