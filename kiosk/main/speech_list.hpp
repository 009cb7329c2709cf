#pragma once

#include <set>
#include <utility>

#include "kiosk/main/stage.hpp"
#include "kiosk/speech/clip.hpp"

namespace kaiku::kiosk {

/// A language and a sentence in it.
using Sentence = std::pair<survey::Language, std::string>;

/// Every sentence that can be said with this set-up: of every widget of every screen in every
/// language and text size on `panels`, of every place the progress can show, and what the
/// announcer adds.
Result<std::set<Sentence>> every_sentence(Stage& stage, const flow::Setup& setup,
                                          const std::vector<ui::Panel>& panels);

/// Panels on which, together, every wording of a screen appears.
std::vector<ui::Panel> telling_panels();

/// Where clips are looked for: recorded ones in the data folder first, then the rendered ones.
std::vector<std::filesystem::path> clip_folders(const Options& options);

}  // namespace kaiku::kiosk
