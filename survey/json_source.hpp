#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "survey/result.hpp"

/// Reading foreign JSON with errors that name the place. Shared by the codecs of survey/.
namespace kaiku::survey {

/// What is wrong at which place of a JSON text, and what to do about it.
struct JsonFault {
    Errc code = Errc::invalid;
    std::string pointer;  ///< RFC 6901; "/" for the whole text
    std::string what;
    std::string cure;
};

struct JsonLimits {
    std::size_t bytes = 0;
    int depth = 0;
};

/// Parses one JSON text. Refuses what is too large, no UTF-8, nested too deeply, not JSON, followed
/// by something, or names a key twice in one object. Never throws; faults never quote values.
tl::expected<nlohmann::json, JsonFault> parse_json(std::string_view text, JsonLimits limits);

/// `pointer` with one more step, escaped as RFC 6901 asks.
std::string pointer_to(std::string_view pointer, std::string_view key);
std::string pointer_to(std::string_view pointer, std::size_t index);

/// True for [a-z][a-z0-9_]{0,31}: keys of questions and options.
bool is_key(std::string_view text) noexcept;

/// True if `value` is a whole number above `version`.
bool is_later_version(const nlohmann::json& value, int version);

/// How long a string may be, in characters, or an array, in elements; both ends included.
struct Length {
    std::size_t least = 0;
    std::size_t most = 0;
};

/// Checks values of a parsed text. The first fault is kept; after it every read gives an empty
/// value, so that a caller may read on and ask once at the end.
class JsonChecker {
  public:
    void complain(Errc code, std::string pointer, std::string what, std::string cure);
    bool failed() const noexcept { return fault_.has_value(); }
    const std::optional<JsonFault>& fault() const noexcept { return fault_; }

    /// True if `value` is an object with every required key and no key but the listed ones.
    bool object(const nlohmann::json& value, const std::string& pointer,
                std::initializer_list<std::string_view> required,
                std::initializer_list<std::string_view> optional = {});
    /// True if `value` is an array of `size` elements.
    bool array(const nlohmann::json& value, const std::string& pointer, Length size);
    /// A string of `length` characters without control characters other than line breaks and tabs.
    std::string string(const nlohmann::json& value, const std::string& pointer, Length length);
    /// A whole number in the range; a number with a fraction or an exponent is not one.
    int integer(const nlohmann::json& value, const std::string& pointer, int least, int most);
    bool boolean(const nlohmann::json& value, const std::string& pointer);

  private:
    std::optional<JsonFault> fault_;
};

}  // namespace kaiku::survey
