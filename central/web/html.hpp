#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaiku::central {

/// Text as HTML shows it, in content and between double quotes: & < > " ' are written as character
/// references, bytes that are no UTF-8 and control characters as U+FFFD.
std::string escape_html(std::string_view text);

/// One attribute of a tag: a name from our code and a value from anywhere.
struct Attribute {
    std::string_view name;
    std::string value;
};

/// Builds HTML so that foreign text cannot leave its place: everything but tag and attribute names
/// is escaped.
class Html {
  public:
    Html& open(std::string_view tag, const std::vector<Attribute>& attributes = {});
    /// A tag without content: input, meta.
    Html& empty(std::string_view tag, const std::vector<Attribute>& attributes);
    Html& close(std::string_view tag);
    Html& text(std::string_view text);
    /// open, text, close.
    Html& element(std::string_view tag, std::string_view text,
                  const std::vector<Attribute>& attributes = {});
    Html& hidden(std::string_view name, std::string_view value);
    /// HTML made by another of these.
    Html& append(const Html& other);

    const std::string& str() const noexcept { return out_; }

  private:
    std::string out_;
};

}  // namespace kaiku::central
