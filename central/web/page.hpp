#pragma once

#include <string>
#include <string_view>

#include "central/service/message.hpp"
#include "central/web/html.hpp"
#include "survey/words.hpp"

namespace kaiku::central {

/// A whole HTML document around `body` (the content of <main>), with every header that keeps a page
/// to itself: no script, no foreign content, no frame, no referrer, nothing cached.
/// docs/formats/web-survey.md gives the reasons.
Reply html_page(int status, survey::Language language, std::string_view title, const Html& body);

/// 303 to an address of ours.
Reply see_other(std::string location);

}  // namespace kaiku::central
