#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include "central/results/report_text.hpp"
#include "survey/instrument.hpp"

namespace kaiku::central {

std::map<std::string, std::string> statement_wordings(const std::filesystem::path& folder,
                                                      survey::Language language) {
    std::map<std::string, std::string> wordings;
    std::error_code failed;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ifstream input(file, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(input), {}};
        const auto instrument = survey::load_instrument(text, file.filename().string());
        if (!instrument) {
            continue;
        }
        for (const survey::Question& question : instrument->questions) {
            if (question.kind == survey::QuestionKind::statement) {
                wordings.emplace(question.key, question.text.in(language));
            }
        }
    }
    return wordings;
}

}  // namespace kaiku::central
