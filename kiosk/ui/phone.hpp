#pragma once

#include "kiosk/ui/frame.hpp"

namespace kaiku::ui {

/// On the attract screen: a button at either end of the strip, beside the one in its middle, in the
/// first and the second language. Nothing where no web survey is known.
void draw_phone_offers(Canvas& canvas, const Box& strip, const Box& middle, survey::Language first,
                       survey::Language second, Said& said);
/// Where two have no room: one without words, in `language`.
void draw_phone_offer(Canvas& canvas, const Box& box, survey::Language language, Said& said);
/// Width of that one, mm.
constexpr float kPhoneOffer = kTarget * 1.25F;

}  // namespace kaiku::ui
