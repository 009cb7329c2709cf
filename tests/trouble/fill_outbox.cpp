// Fills a terminal's outbox as its own program would, answer by answer.
//
//   kaiku-fill-outbox DATA_DIR COUNT    each with a text of its own: COUNT in base 15, as letters
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "kiosk/main/keeping.hpp"

namespace {

using namespace kaiku;

/// The number in letters that no mask takes for a name or a number.
std::string word_of(std::uint64_t number) {
    constexpr std::string_view kLetters = "bcdfgjklmnprstv";
    std::string word;
    do {
        word += kLetters[number % kLetters.size()];
        number /= kLetters.size();
    } while (number > 0);
    return "fyl" + word;
}

survey::Response response_of(std::uint64_t number, std::mt19937_64& random) {
    std::array<std::uint8_t, 16> bits{};
    for (auto& part : bits) part = static_cast<std::uint8_t>(random());
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    survey::Response response{.id = survey::ResponseId::from_random(bits),
                              .instrument = "quick-nps",
                              .unit = "K1",
                              .answered_at = survey::floor_to_hour(now),
                              .answers = {},
                              .contact = {}};
    response.version = 1;
    response.answers.nps = static_cast<int>(number % 11);
    response.answers.text = word_of(number);
    return response;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: kaiku-fill-outbox DATA_DIR COUNT\n");
        return 2;
    }
    const auto count = std::strtoull(argv[2], nullptr, 10);
    unsigned long long kept = 0;
    kiosk::KeeperOptions options;
    options.data_dir = argv[1];
    kiosk::Keeping keeping(options, [&](const flow::Event& event) {
        if (std::holds_alternative<flow::event::Saved>(event)) ++kept;
    });
    keeping.open();
    std::random_device device;
    std::mt19937_64 random(device());
    for (unsigned long long number = 0; number < count && keeping.is_open(); ++number) {
        keeping.keep(response_of(number, random));
    }
    std::printf("%llu\n", kept);
    return kept == count ? 0 : 1;
}
