#pragma once

#include <string_view>

/// What must hold for every input, whatever it is. The fuzzers and the replay of their corpus share
/// these. Each aborts (KAIKU_ASSERT) when a property does not hold.
namespace kaiku::fuzz {

void check_instrument(std::string_view input);
void check_wire(std::string_view input);
void check_masking(std::string_view input);
/// Batch, receipt, counts, enrolment code and enrolment, as central and device read them.
void check_message(std::string_view input);
/// What central opens: an answer's box, the box of a code, and a half-done answer itself.
void check_sealed(std::string_view input);
/// What a reader or the camera brings to a staff device.
void check_scan(std::string_view input);
/// A request to central and its web channel: "METHOD path?query", header lines, an empty line and
/// the body. There is an answer for each, and none is a 5xx.
void check_http(std::string_view input);
/// A terminal's configuration file.
void check_config(std::string_view input);
/// A script for a terminal.
void check_script(std::string_view input);

}  // namespace kaiku::fuzz
