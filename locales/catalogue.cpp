#include "locales/catalogue.hpp"

#include <boost/locale/gnu_gettext.hpp>
#include <boost/locale/message.hpp>
#include <exception>
#include <fstream>
#include <iterator>
#include <locale>

namespace kaiku::locales {

namespace {

namespace gettext = boost::locale::gnu_gettext;

/// Boost.Locale wants to find "<path>/<lang>/LC_MESSAGES/<domain>.mo"; ours lie flat, so its file
/// reader is given the one path whatever it asks for.
std::vector<char> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Result<Catalogue> Catalogue::load(const std::filesystem::path& directory,
                                  survey::Language language) {
    const auto path = directory / (std::string(to_string(language)) + ".mo");
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        return fail(Errc::not_found, path.string() +
                                         ": no catalogue here; install the package "
                                         "again or set share_dir to the folder "
                                         "that holds locales and instruments");
    }
    try {
        gettext::messages_info info;
        info.language = std::string(to_string(language));
        info.encoding = "UTF-8";
        info.locale_category = ".";
        info.domains.emplace_back("kaiku");
        info.paths.push_back(directory.string());
        info.callback = [&path](const std::string&, const std::string&) { return read_file(path); };
        const std::locale locale(std::locale::classic(),
                                 gettext::create_messages_facet<char>(info));
        Catalogue catalogue;
        catalogue.language_ = language;
        catalogue.texts_.reserve(kAllKeys.size());
        for (const Key key : kAllKeys) {
            const std::string name(key_name(key));
            std::string text = boost::locale::gettext(name.c_str(), locale);
            if (text == name || text.empty()) {
                return fail(Errc::invalid, path.string() + ": \"" + name +
                                               "\" has no translation; add it to the .po file");
            }
            catalogue.texts_.push_back(std::move(text));
        }
        return catalogue;
    } catch (const std::exception& error) {
        return fail(Errc::malformed, path.string() + ": not a compiled gettext catalogue (" +
                                         error.what() + "); install the package again");
    }
}

const std::string& Catalogue::operator[](Key key) const noexcept {
    return texts_[static_cast<std::size_t>(key)];
}

std::string Catalogue::format(
    Key key, const std::vector<std::pair<std::string_view, std::string>>& values) const {
    const std::string& pattern = (*this)[key];
    std::string result;
    std::size_t position = 0;
    while (position < pattern.size()) {
        const std::size_t open = pattern.find('{', position);
        const std::size_t close =
            open == std::string::npos ? std::string::npos : pattern.find('}', open);
        if (close == std::string::npos) break;
        result.append(pattern, position, open - position);
        const std::string_view name(pattern.data() + open + 1, close - open - 1);
        for (const auto& [key_text, value] : values) {
            if (key_text == name) result += value;
        }
        position = close + 1;
    }
    return result.append(pattern, position);
}

}  // namespace kaiku::locales
