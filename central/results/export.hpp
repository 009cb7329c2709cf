#pragma once

#include <functional>
#include <string_view>

#include "central/store/store.hpp"

namespace kaiku::central {

/// Takes a piece of output; an error ends the export.
using Sink = std::function<Status(std::string_view)>;

/// One response a line, in the wire format, by hour and then id; contact wishes are not part of it.
Status export_jsonl(Store& store, const Selection& selection, const Sink& sink);

/// The same as CSV: fixed columns, then statement.<key>, choice.<key> and cant_say.<key> for every
/// key that occurs. Reads the store twice, first for the keys.
Status export_csv(Store& store, const Selection& selection, const Sink& sink);

}  // namespace kaiku::central
