#include "kiosk/main/day_counts.hpp"

#include <chrono>

#include "sync/local_day.hpp"

namespace kaiku::kiosk {

Tally tally_of(flow::effect::Ending ending) {
    switch (ending) {
        case flow::effect::Ending::answered:
            return Tally::answered;
        case flow::effect::Ending::skipped:
            return Tally::skipped;
        case flow::effect::Ending::timed_out:
            return Tally::timed_out;
        case flow::effect::Ending::moved:
            return Tally::moved;
    }
    return Tally::skipped;
}

void count(DayCounts& counts, Tally what) {
    switch (what) {
        case Tally::shown:
            ++counts.shown;
            return;
        case Tally::started:
            ++counts.started;
            return;
        case Tally::answered:
            ++counts.answered;
            return;
        case Tally::skipped:
            ++counts.skipped;
            return;
        case Tally::timed_out:
            ++counts.timed_out;
            return;
        case Tally::moved:
            ++counts.moved;
            return;
    }
}

std::string today() {
    return sync::local_day(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace kaiku::kiosk
