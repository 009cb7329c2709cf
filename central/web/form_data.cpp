#include "central/web/form_data.hpp"

#include "survey/utf8.hpp"

namespace kaiku::central {
namespace {

int hex(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view encoded) {
    std::string out;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        const char letter = encoded[i];
        if (letter == '+') {
            out += ' ';
        } else if (letter != '%') {
            out += letter;
        } else {
            if (i + 2 >= encoded.size()) return std::nullopt;
            const int high = hex(encoded[i + 1]);
            const int low = hex(encoded[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

/// Browsers send line ends as CR LF.
std::string plain(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '\n' || letter == '\t' || (byte >= 0x20 && byte != 0x7F)) out += letter;
    }
    return out;
}

}  // namespace

std::optional<Fields> parse_fields(std::string_view encoded) {
    if (encoded.size() > kMaxFormBytes) return std::nullopt;
    Fields fields;
    while (!encoded.empty()) {
        const auto end = encoded.find('&');
        const std::string_view pair = encoded.substr(0, end);
        encoded.remove_prefix(end == std::string_view::npos ? encoded.size() : end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto name = decode(pair.substr(0, equals));
        const auto value =
            decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
        if (!name || !value || !survey::is_valid_utf8(*name) || !survey::is_valid_utf8(*value)) {
            return std::nullopt;
        }
        if (fields.size() >= kMaxFormFields) return std::nullopt;
        fields.emplace(*name, plain(*value));
    }
    return fields;
}

const std::string& field(const Fields& fields, std::string_view name) {
    static const std::string none;
    const auto found = fields.find(name);
    return found == fields.end() ? none : found->second;
}

}  // namespace kaiku::central
