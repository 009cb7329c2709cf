#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "survey/response.hpp"
#include "tests/sim/trouble.hpp"

namespace kaiku::sim {

/// The five promises of DESIGN.md, section 2, in its order.
enum class Promise { durable, exactly_once, private_, goes_on, counted };
std::string_view name_of(Promise promise);

/// A promise that did not hold.
struct Broken {
    Promise promise = Promise::durable;
    int device = 0;
    std::string detail;
};

/// What every answer holds in its open text, so that any place can be searched for it and every
/// visitor be told apart. Letters only: nothing masks them.
inline constexpr std::string_view kMark = "qvisit";
std::string mark_of(int visit);
/// The mark within a text; empty without one.
std::string mark_in(const std::string& text);

/// What the simulator alone knows: who answered what, who was thanked, what was told. It is never
/// read by the programs, only compared with what they kept.
class Ledger {
  public:
    /// A visitor pressed send, for the first time or again.
    void asked(int device, const survey::Response& response);
    /// "Thank you" for this answer was on the screen.
    void thanked(const std::string& id, std::int64_t now);
    /// A receipt for this answer reached the device.
    void receipted(const std::string& id);
    /// A device's disk became what it was at `taken`; answers that came to it between are gone.
    void device_restored(int device, std::int64_t taken, std::int64_t now);
    /// Central's store lost these with what its backup did not hold.
    void rolled_back(const std::set<std::string>& ids);

    /// Compares with the responses that central holds in the end.
    std::vector<Broken> compare(const std::vector<survey::Response>& stored);
    std::int64_t thanked_count() const noexcept { return thanked_; }
    std::int64_t excused_count() const noexcept { return excused_; }
    /// Distinct answers of a device that are in this set.
    std::int64_t count_of(int device, const std::set<std::string>& ids) const;

  private:
    struct Answer {
        int device = 0;
        std::string mark;
        std::vector<survey::Response> versions;  ///< the hour may differ between two tries
        std::optional<std::int64_t> thanked_at;
        bool receipted = false;
        bool rolled_back = false;
        bool lost_with_device = false;
    };
    bool may_be_missing(const Answer& answer) const noexcept;

    std::map<std::string, Answer> answers_;
    std::int64_t thanked_ = 0;
    std::int64_t excused_ = 0;
};

}  // namespace kaiku::sim
