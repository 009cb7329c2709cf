#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "locales/keys.hpp"  // generated: enum class Key, key_name(Key), kAllKeys
#include "survey/result.hpp"
#include "survey/words.hpp"

namespace kaiku::locales {

/// Every sentence the programs say, in one language, from a compiled gettext catalogue.
class Catalogue {
  public:
    /// Reads `<directory>/<fi|sv|en>.mo`. Error when it is missing, unreadable or lacks a key.
    static Result<Catalogue> load(const std::filesystem::path& directory,
                                  survey::Language language);

    survey::Language language() const noexcept { return language_; }
    /// The sentence as it stands, UTF-8; lives as long as the catalogue.
    const std::string& operator[](Key key) const noexcept;
    /// The sentence with {name} placeholders replaced.
    std::string format(Key key,
                       const std::vector<std::pair<std::string_view, std::string>>& values) const;

  private:
    survey::Language language_ = survey::Language::fi;
    std::vector<std::string> texts_;
};

}  // namespace kaiku::locales
