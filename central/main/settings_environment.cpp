#include <unistd.h>

#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>

#include "central/main/settings_reader.hpp"

namespace kaiku::central {
namespace {

constexpr std::string_view kPrefix = "KAIKU_CENTRAL_";
constexpr std::string_view kFile = "_FILE";
constexpr std::string_view kData = "KAIKU_CENTRAL_DATA";  // data_folder()
/// Longer than any address, key or password.
constexpr std::size_t kMaxSecretBytes = 4096;

/// "limits.workers" → "KAIKU_CENTRAL_LIMITS_WORKERS".
std::string variable_of(const std::string& key) {
    std::string name(kPrefix);
    for (const char letter : key) {
        name += letter == '.'                    ? '_'
                : letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A')
                                                 : letter;
    }
    return name;
}

using Node = std::unique_ptr<toml::node>;

/// What a text from the environment may stand for, the likeliest last: a complaint is about that.
std::vector<Node> meanings_of(const std::string& text) {
    std::vector<Node> nodes;
    auto list = std::make_unique<toml::array>();
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) list->push_back(part);
    nodes.push_back(std::move(list));
    nodes.push_back(std::make_unique<toml::value<std::string>>(text));
    if (text == "true" || text == "false") {
        nodes.push_back(std::make_unique<toml::value<bool>>(text == "true"));
    }
    std::int64_t number = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (bad == std::errc() && end == text.data() + text.size()) {
        nodes.push_back(std::make_unique<toml::value<std::int64_t>>(number));
    }
    return nodes;
}

Status set_from(const std::string& variable, const std::string& key, const std::string& text,
                Settings& settings) {
    Status status;
    for (const Node& node : meanings_of(text)) {
        Settings changed = settings;
        Reader read(variable);
        setters(read, changed).at(key)(key, *node);
        status = read.status();
        if (status) {
            settings = std::move(changed);
            return {};
        }
    }
    return status;
}

}  // namespace

bool may_be_file(const std::string& key) {
    return key == "store" || key == "fleet.mail_password" || key == "fleet.webhook_secret";
}

Result<std::string> read_secret(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(kMaxSecretBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty() || text.size() > kMaxSecretBytes || text.find('\n') != std::string::npos) {
        return fail(Errc::invalid,
                    file.string() + ": must be a readable file that holds one line, the value");
    }
    return text;
}

Status apply_environment(Settings& settings) {
    Reader nobody("");
    const Setters known = setters(nobody, settings);
    std::map<std::string, std::pair<std::string, bool>> variables;  // name → key, in a file
    for (const auto& [key, setter] : known) {
        variables[variable_of(key)] = {key, false};
        if (may_be_file(key)) variables[variable_of(key) + std::string(kFile)] = {key, true};
    }
    for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view entry(*each);
        const std::string name(entry.substr(0, entry.find('=')));
        if (!name.starts_with(kPrefix) || name == kData) continue;
        std::string value(entry.substr(std::min(name.size() + 1, entry.size())));
        if (value.empty()) continue;
        const auto found = variables.find(name);
        if (found == variables.end()) {
            return fail(Errc::invalid, name + ": is not a setting; see docs/operations/central.md");
        }
        const auto& [key, in_file] = found->second;
        if (in_file) {
            auto secret = read_secret(value);
            if (!secret) return fail(secret.error().code, name + ": " + secret.error().detail);
            value = std::move(*secret);
        }
        if (Status set = set_from(name, key, value, settings); !set) return set;
    }
    return {};
}

}  // namespace kaiku::central
