#pragma once

#include <random>
#include <string>
#include <vector>

#include "kiosk/ui/theme.hpp"
#include "tests/ui/stage.hpp"

namespace kaiku::test {

/// What one drawn frame does against the list: A1, A5, A6, A21, A28 and A31, each with the item's
/// number and the widget. A13 and A18 (a clip in the shown language for everything) are checked
/// where the clips are known.
std::vector<std::string> access_problems(const ui::Recorder& recorder, const flow::State& state,
                                         const ui::Panel& panel);

/// Touches with a trembling finger: down and up at different places around the middle.
class TremblingVisitor {
  public:
    TremblingVisitor(Stage& stage, int tremor_px) : stage_(stage), shake_(-tremor_px, tremor_px) {}

    /// Presses and releases near the widget's middle; the flow takes what happened.
    void touches(const std::string& id);
    const flow::State& state() const { return state_; }
    int touch_count() const { return touches_; }

  private:
    Stage& stage_;
    std::mt19937 random_{20};
    std::uniform_int_distribution<int> shake_;
    flow::State state_;
    int touches_ = 0;
};

}  // namespace kaiku::test
