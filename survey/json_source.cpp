#include "survey/json_source.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "survey/utf8.hpp"

namespace kaiku::survey {
namespace {

using nlohmann::json;

/// A field name as errors may show it. Names that could hold personal data (digits, blanks, long
/// ones) are not repeated.
std::string shown_name(std::string_view name) {
    const bool harmless =
        !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
        });
    return harmless || is_key(name) ? std::string(name) : std::string("…");
}

/// Builds the value while the parser reads, and knows the place of a key that comes twice.
class TreeBuilder final : public nlohmann::json_sax<json> {
  public:
    explicit TreeBuilder(int max_depth) : max_depth_(max_depth) {}

    bool null() override { return put(json()); }
    bool boolean(bool value) override { return put(json(value)); }
    bool number_integer(std::int64_t value) override { return put(json(value)); }
    bool number_unsigned(std::uint64_t value) override { return put(json(value)); }
    bool number_float(double value, const std::string&) override { return put(json(value)); }
    bool string(std::string& value) override { return put(json(value)); }
    bool binary(json::binary_t&) override { return false; }  // not in JSON texts

    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        Frame& frame = frames_.back();
        auto [at, is_new] = frame.value->get_ref<json::object_t&>().try_emplace(name);
        frame.key = &at->first;
        frame.member = &at->second;
        if (!is_new && !twice_) twice_ = place();
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        // The error's own text would quote the input, which may hold answers.
        const bool is_syntax = dynamic_cast<const json::parse_error*>(&error) != nullptr;
        broken_at_ = is_syntax ? position : 0;
        return false;
    }

    bool too_deep() const noexcept { return std::cmp_greater(frames_.size(), max_depth_); }
    /// Where the text ceases to be JSON, from 1; 0: at a number that is out of range.
    std::size_t broken_at() const noexcept { return broken_at_; }
    const std::optional<std::string>& twice() const noexcept { return twice_; }
    json take() { return std::move(root_); }

  private:
    struct Frame {
        json* value = nullptr;             ///< the object or array that is open
        json* member = nullptr;            ///< of an object: where its next value goes
        const std::string* key = nullptr;  ///< of that member
    };

    bool put(json&& value) {
        (void)placed(std::move(value));
        return true;
    }
    bool open(json&& value) {
        frames_.push_back({placed(std::move(value))});
        return !too_deep();
    }
    bool close() {
        frames_.pop_back();
        return true;
    }
    json* placed(json&& value) {
        if (frames_.empty()) return &(root_ = std::move(value));
        const Frame& frame = frames_.back();
        if (frame.member != nullptr) return &(*frame.member = std::move(value));
        return &frame.value->get_ref<json::array_t&>().emplace_back(std::move(value));
    }
    std::string place() const {
        std::string pointer;
        for (const Frame& step : frames_) {
            pointer = step.key != nullptr ? pointer_to(pointer, shown_name(*step.key))
                                          : pointer_to(pointer, step.value->size() - 1);
        }
        return pointer;
    }

    int max_depth_;
    json root_;
    std::vector<Frame> frames_;
    std::size_t broken_at_ = 0;
    std::optional<std::string> twice_;
};

tl::unexpected<JsonFault> fault(Errc code, std::string what, std::string cure) {
    return tl::make_unexpected(JsonFault{code, "/", std::move(what), std::move(cure)});
}

bool contains(std::initializer_list<std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string range_text(std::size_t least, std::size_t most) {
    return std::to_string(least) + "–" + std::to_string(most);
}

bool has_control_character(std::string_view text) {
    unsigned char before = 0;
    return std::any_of(text.begin(), text.end(), [&before](char c) {
        const auto byte = static_cast<unsigned char>(c);
        // U+0080 to U+009F too: terminals obey some of them as they do ESC.
        const bool c1 = before == 0xC2 && byte >= 0x80 && byte <= 0x9F;
        before = byte;
        return c1 || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
    });
}

}  // namespace

tl::expected<json, JsonFault> parse_json(std::string_view text, JsonLimits limits) {
    if (text.size() > limits.bytes)
        return fault(Errc::too_large,
                     "has " + std::to_string(text.size()) + " bytes, more than " +
                         std::to_string(limits.bytes),
                     "shorten it");
    if (!is_valid_utf8(text)) return fault(Errc::malformed, "is not UTF-8", "save it as UTF-8");
    // The parser takes a NUL for the end and would not see what follows.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos)
        return fault(Errc::malformed, "is not JSON from byte " + std::to_string(nul + 1),
                     "correct the syntax there");
    TreeBuilder tree(limits.depth);
    if (!json::sax_parse(text, &tree)) {
        if (tree.too_deep())
            return fault(Errc::malformed,
                         "is nested more than " + std::to_string(limits.depth) + " levels deep",
                         "flatten it");
        if (tree.broken_at() > 0)
            return fault(Errc::malformed,
                         "is not JSON from byte " + std::to_string(tree.broken_at()),
                         "correct the syntax there");
        return fault(Errc::malformed, "holds a number that is out of range",
                     "use numbers that fit");
    }
    if (tree.twice())
        return tl::make_unexpected(
            JsonFault{Errc::malformed, *tree.twice(), "stands twice in one object", "keep one"});
    return tree.take();
}

std::string pointer_to(std::string_view pointer, std::string_view key) {
    std::string result(pointer == "/" ? std::string_view{} : pointer);
    result.push_back('/');
    for (const char c : key) {
        if (c == '~')
            result += "~0";
        else if (c == '/')
            result += "~1";
        else
            result.push_back(c);
    }
    return result;
}

std::string pointer_to(std::string_view pointer, std::size_t index) {
    return pointer_to(pointer, std::string_view(std::to_string(index)));
}

bool is_key(std::string_view text) noexcept {
    if (text.empty() || text.size() > 32 || text[0] < 'a' || text[0] > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_later_version(const json& value, int version) {
    if (value.is_number_unsigned()) return std::cmp_greater(value.get<std::uint64_t>(), version);
    return value.is_number_integer() && std::cmp_greater(value.get<std::int64_t>(), version);
}

void JsonChecker::complain(Errc code, std::string pointer, std::string what, std::string cure) {
    if (fault_) return;
    fault_ = JsonFault{code, std::move(pointer), std::move(what), std::move(cure)};
}

bool JsonChecker::object(const json& value, const std::string& pointer,
                         std::initializer_list<std::string_view> required,
                         std::initializer_list<std::string_view> optional) {
    if (failed()) return false;
    if (!value.is_object()) {
        complain(Errc::invalid, pointer, "must be an object", "write {…}");
        return false;
    }
    for (const auto& item : value.items()) {
        if (contains(required, item.key()) || contains(optional, item.key())) continue;
        complain(Errc::invalid, pointer_to(pointer, shown_name(item.key())), "is an unknown field",
                 "remove it or correct its name");
        return false;
    }
    for (const std::string_view key : required) {
        if (value.contains(key)) continue;
        complain(Errc::invalid, pointer_to(pointer, key), "is missing", "add it");
        return false;
    }
    return true;
}

bool JsonChecker::array(const json& value, const std::string& pointer, Length size) {
    if (failed()) return false;
    if (!value.is_array()) {
        complain(Errc::invalid, pointer, "must be an array", "write […]");
        return false;
    }
    if (value.size() >= size.least && value.size() <= size.most) return true;
    complain(value.size() > size.most ? Errc::too_large : Errc::invalid, pointer,
             "must have " + range_text(size.least, size.most) + " elements", "add or remove some");
    return false;
}

std::string JsonChecker::string(const json& value, const std::string& pointer, Length length) {
    if (failed()) return {};
    if (!value.is_string()) {
        complain(Errc::invalid, pointer, "must be a string", "write \"…\"");
        return {};
    }
    const auto& text = value.get_ref<const std::string&>();
    const std::size_t characters = count_code_points(text);
    if (characters < length.least || characters > length.most) {
        complain(characters > length.most ? Errc::too_large : Errc::invalid, pointer,
                 "must have " + range_text(length.least, length.most) + " characters",
                 "change its length");
        return {};
    }
    if (has_control_character(text)) {
        complain(Errc::invalid, pointer, "has a control character", "remove it");
        return {};
    }
    return text;
}

int JsonChecker::integer(const json& value, const std::string& pointer, int least, int most) {
    if (failed()) return least;
    const bool fits = value.is_number_unsigned()
                          ? std::cmp_greater_equal(value.get<std::uint64_t>(), least) &&
                                std::cmp_less_equal(value.get<std::uint64_t>(), most)
                          : value.is_number_integer() &&
                                std::cmp_greater_equal(value.get<std::int64_t>(), least) &&
                                std::cmp_less_equal(value.get<std::int64_t>(), most);
    if (fits) return value.get<int>();
    complain(Errc::invalid, pointer,
             "must be " + std::to_string(least) + "–" + std::to_string(most),
             "write a whole number in that range");
    return least;
}

bool JsonChecker::boolean(const json& value, const std::string& pointer) {
    if (failed()) return false;
    if (value.is_boolean()) return value.get<bool>();
    complain(Errc::invalid, pointer, "must be true or false", "write one of them");
    return false;
}

}  // namespace kaiku::survey
