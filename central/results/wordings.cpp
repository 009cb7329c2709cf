#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>
#include <vector>

#include "central/results/report_text.hpp"
#include "survey/instrument.hpp"

namespace kaiku::central {

namespace {

std::vector<survey::Instrument> instruments_in(const std::filesystem::path& folder) {
    std::error_code failed;
    std::vector<survey::Instrument> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        std::ifstream input(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(input), {}};
        auto instrument = survey::load_instrument(text, entry.path().filename().string());
        if (instrument) {
            found.push_back(std::move(*instrument));
        }
    }
    return found;
}

}  // namespace

std::map<std::string, std::string> statement_wordings(
    const std::filesystem::path& folder, survey::Language language,
    const std::map<InstrumentVersion, std::int64_t>& asked) {
    std::map<std::string, std::int64_t> responses;
    for (const auto& [instrument, count] : asked) {
        responses[instrument.id] += count;
    }
    std::vector<survey::Instrument> instruments = instruments_in(folder);
    const auto rank = [&responses](const survey::Instrument& one) {
        const auto counted = responses.find(one.id);
        return std::tuple(counted == responses.end() ? 0 : -counted->second,
                          !one.variant_of.empty(), one.id);
    };
    std::sort(instruments.begin(), instruments.end(),
              [&rank](const auto& one, const auto& other) { return rank(one) < rank(other); });
    std::map<std::string, std::string> wordings;
    for (const survey::Instrument& instrument : instruments) {
        for (const survey::Question& question : instrument.questions) {
            if (question.kind == survey::QuestionKind::statement) {
                wordings.emplace(question.key, question.text.in(language));
            }
        }
    }
    return wordings;
}

}  // namespace kaiku::central
