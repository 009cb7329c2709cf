#include "central/web/html.hpp"

#include "survey/utf8.hpp"

namespace kaiku::central {

std::string escape_html(std::string_view text) {
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    const bool valid = survey::is_valid_utf8(text);
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        switch (letter) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '\n':
            case '\t':
                out += letter;
                break;
            default:
                if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !valid)) {
                    out += kReplacement;
                } else {
                    out += letter;
                }
        }
    }
    return out;
}

Html& Html::open(std::string_view tag, const std::vector<Attribute>& attributes) {
    out_ += '<';
    out_ += tag;
    for (const auto& [name, value] : attributes) {
        out_ += ' ';
        out_ += name;
        out_ += "=\"";
        out_ += escape_html(value);
        out_ += '"';
    }
    out_ += '>';
    return *this;
}

Html& Html::empty(std::string_view tag, const std::vector<Attribute>& attributes) {
    return open(tag, attributes);
}

Html& Html::close(std::string_view tag) {
    out_ += "</";
    out_ += tag;
    out_ += '>';
    return *this;
}

Html& Html::text(std::string_view text) {
    out_ += escape_html(text);
    return *this;
}

Html& Html::element(std::string_view tag, std::string_view inside,
                    const std::vector<Attribute>& attributes) {
    return open(tag, attributes).text(inside).close(tag);
}

Html& Html::hidden(std::string_view name, std::string_view value) {
    return empty("input",
                 {{"type", "hidden"}, {"name", std::string(name)}, {"value", std::string(value)}});
}

Html& Html::append(const Html& other) {
    out_ += other.out_;
    return *this;
}

}  // namespace kaiku::central
