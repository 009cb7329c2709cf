#include "central/sql/database.hpp"

#include <charconv>

namespace kaiku::central::sql {

std::int64_t Row::integer(std::size_t column) const {
    const std::string_view text = view(column);
    if (is_null(column)) return 0;
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) {
        throw Trouble(Errc::corrupt, "a stored number cannot be read; restore from a backup");
    }
    return number;
}

tl::unexpected<Error> Database::error_of(const Trouble& trouble, std::string_view what) {
    return fail(trouble.code(), "store: " + std::string(what) + ": " + trouble.what());
}

}  // namespace kaiku::central::sql
