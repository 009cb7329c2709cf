// What bench/central/run.py cannot do from outside. STORE is sqlite:PATH or postgresql://…
//
//   kaiku-central-bench fill STORE COUNT      an organiser of 300 units in three levels, and so
//   many
//                                             answers of two years, stored as central stores them
//   kaiku-central-bench report STORE ROUNDS   one JSON line: milliseconds from the question to
//                                             the report's JSON, of each kind

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "central/results/report.hpp"
#include "central/store/stores.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::central;

constexpr int kServices = 20;
constexpr int kPlaces = 279;  ///< with the services and the whole: 300 units
constexpr int kDays = 730;
constexpr std::size_t kTogether = 8192;  ///< answers of one transaction
constexpr std::chrono::sys_days kLast{std::chrono::year(2026) / 11 / 22};

std::string code_of(const char* level, int number) { return level + std::to_string(number); }

Result<std::unique_ptr<Stores>> open_stores(const std::string& address) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (address.starts_with(kSqlite)) {
        return open_sqlite_stores({.path = address.substr(kSqlite.size())});
    }
    return open_postgres_stores({.uri = address});
}

Status add_units(Store& store) {
    Status added = store.add_unit({"whole", "Alue", "Område", "", ""});
    for (int service = 0; added && service < kServices; ++service) {
        added = store.add_unit({code_of("s", service), "Palvelu", "Tjänst", "whole", ""});
    }
    for (int place = 0; added && place < kPlaces; ++place) {
        added = store.add_unit(
            {code_of("p", place), "Paikka", "Plats", code_of("s", place % kServices), ""});
    }
    return added;
}

/// Answers of one place after the other, each from its first day to its last.
class Answers {
  public:
    explicit Answers(std::uint64_t count) : count_(count) {}

    Submission next(std::uint64_t number) {
        using survey::Channel;
        constexpr std::array kChannels{Channel::kiosk, Channel::web, Channel::qr, Channel::sms};
        constexpr std::array kKinds{survey::RespondentKind::adult, survey::RespondentKind::adult,
                                    survey::RespondentKind::youth,
                                    survey::RespondentKind::relative};
        const std::uint64_t each = count_ / kPlaces + 1;
        const auto day = static_cast<int>(number % each * kDays / each);
        std::array<std::uint8_t, 16> random{};
        for (std::uint8_t& byte : random) byte = static_cast<std::uint8_t>(random_());
        survey::Response response{.id = survey::ResponseId::from_random(random),
                                  .instrument = "quick-nps",
                                  .unit = code_of("p", static_cast<int>(number / each)),
                                  .channel = kChannels.at(pick(0, 3)),
                                  .answered_at = kLast - std::chrono::days(kDays - 1 - day) +
                                                 std::chrono::hours(pick(6, 17)),
                                  .answers = {},
                                  .contact = {}};
        response.language = pick(0, 4) == 0 ? survey::Language::sv : survey::Language::fi;
        response.respondent = kKinds.at(pick(0, 3));
        response.answers.nps = static_cast<int>(pick(0, 10));
        response.answers.statements["help"] = static_cast<int>(pick(1, 5));
        return {response, "", "2026-11-22"};
    }

  private:
    std::size_t pick(std::size_t from, std::size_t to) {
        return std::uniform_int_distribution<std::size_t>(from, to)(random_);
    }

    std::uint64_t count_;
    std::mt19937 random_{20'261'123};
};

Status fill(Store& store, std::uint64_t count) {
    if (Status added = add_units(store); !added) return added;
    Answers answers(count);
    std::vector<Submission> together;
    for (std::uint64_t number = 0; number < count; ++number) {
        together.push_back(answers.next(number));
        if (together.size() < kTogether && number + 1 < count) continue;
        if (const auto stored = store.put(together); !stored) {
            return tl::make_unexpected(stored.error());
        }
        together.clear();
    }
    return {};
}

Result<double> ask_ms(Store& store, const ReportQuestion& question, std::int64_t at_least) {
    const auto begin = std::chrono::steady_clock::now();
    const auto report = make_report(store, question);
    if (!report) return tl::make_unexpected(report.error());
    const std::string text = report_json(*report);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (text.empty() || report->total.now.n < at_least) {
        return fail(Errc::corrupt, "the report counts too few answers");
    }
    return took.count();
}

void print_list(const char* name, const std::vector<double>& values) {
    std::printf("\"%s\":[", name);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::printf("%s%.4f", i == 0 ? "" : ",", values[i]);
    }
    std::printf("]");
}

struct Question {
    std::string name;
    ReportQuestion asked;
    std::int64_t at_least = 0;  ///< answers that it must count
    std::vector<double> took_ms{};
};

/// A calendar year; and one that begins and ends within months, so that rows of days, months and
/// perhaps years are read. Both for one unit and for everything.
Status report(Store& store, std::uint64_t rounds) {
    const Period calendar{std::chrono::year(2025) / 1 / 1, std::chrono::year(2025) / 12 / 31};
    const Period to_today{kLast - std::chrono::days(364), kLast};
    std::vector<Question> questions;
    for (const auto& [name, period] : {std::pair("calendar", calendar), {"to_today", to_today}}) {
        ReportQuestion asked;
        asked.period = period;
        asked.split.unit = true;
        questions.push_back({std::string("organiser_") + name, asked, kPlaces});
        asked.unit = "p0";
        asked.split = {.channel = true, .language = true};
        questions.push_back({std::string("unit_") + name, asked, 1});
    }
    for (std::uint64_t round = 0; round < rounds; ++round) {
        for (Question& question : questions) {
            const auto took = ask_ms(store, question.asked, question.at_least);
            if (!took) return tl::make_unexpected(took.error());
            question.took_ms.push_back(*took);
        }
    }
    std::printf("{");
    for (const Question& question : questions) {
        if (&question != &questions.front()) std::printf(",");
        print_list(question.name.c_str(), question.took_ms);
    }
    std::printf("}\n");
    return {};
}

Status run(const std::string& what, const std::string& address, std::uint64_t count) {
    const auto stores = open_stores(address);
    if (!stores) return tl::make_unexpected(stores.error());
    const auto store = (*stores)->of(kDefaultOrganiser);
    if (!store) return tl::make_unexpected(store.error());
    return what == "fill" ? fill(**store, count) : report(**store, count);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> given(argv + 1, argv + argc);
    if (given.size() != 3 || (given[0] != "fill" && given[0] != "report")) {
        std::fputs("usage: kaiku-central-bench fill STORE COUNT | report STORE ROUNDS\n", stderr);
        return 2;
    }
    const Status done = run(given[0], given[1], std::strtoull(given[2].c_str(), nullptr, 10));
    if (done) return 0;
    std::fprintf(stderr, "central-bench: %s\n", done.error().detail.c_str());
    return 1;
}
