#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/main/keeping.hpp"
#include "sync/sender.hpp"
#include "tests/sim/central.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/line.hpp"
#include "tests/sim/world.hpp"

namespace kaiku::sim {

/// A terminal as it stands in a hall: the real flow, keeping, outbox and sender on a simulated disk
/// and line, with visitors, and staff who start it again. Only the threads between them are not the
/// program's own: what they do in parallel happens here in the order that the world draws.
class Terminal {
  public:
    Terminal(World& world, Endpoint& central, int number);

    /// Starts the program, after a power cut or the end of the program alone.
    void start();
    /// Somebody comes, answers or leaves.
    void visit();
    /// What the courier does when its time has come.
    void send();
    /// The operator makes the device known to central, for the first time or anew.
    void enrol();
    bool is_enrolled() const noexcept { return enrolled_; }
    bool is_refused() const noexcept { return refused_; }
    bool is_up() const noexcept { return keeping_ != nullptr && !disk_.is_stopped(); }
    bool is_sending() const noexcept { return sending_; }

    /// Stops the machine, or its program alone, here and now.
    void fall(bool power);
    /// The same at one of its next calls to the disk.
    void arm(std::int64_t call, bool power);
    void jump_clock(std::int64_t by_ms);
    void back_up();
    void restore();
    Disk& disk() noexcept { return disk_; }
    Line& line() noexcept { return line_; }

    /// With nothing in the way any more: sends until nothing waits. False if something does.
    bool drain();
    /// Whether the outbox's own counts and central's rows agree, and nothing of a visitor is left.
    void check(const std::vector<survey::Response>& stored);

  private:
    void make_old();
    void stop_program();
    void settle_harm();
    void feed(const flow::Event& event);
    void hear_keeping();
    void answer_question();
    std::vector<survey::Response> take_saves();
    void wait_for_thanks();
    void press_again(bool again);
    void save(const survey::Response& response);
    void look_at_store();
    bool prepare();
    bool waits_for(const std::string& what);
    std::int64_t attempt();
    void plan_send(std::int64_t delay);
    void look_for_traces();
    void check_counts(const sync::OutboxCounts& counts,
                      const std::vector<survey::Response>& stored);
    flow::Inputs inputs();

    World& world_;
    Endpoint& central_;
    int number_;
    std::string directory_;
    Random random_;
    Disk disk_;
    Line line_;

    flow::Setup setup_;
    flow::State state_;
    std::vector<flow::Effect> effects_;
    std::vector<flow::Event> heard_;
    std::unique_ptr<kiosk::Keeping> keeping_;
    std::int64_t visit_ms_ = 0;  ///< how long the present visitor has been here
    std::int64_t booted_ms_ = 0;
    std::int64_t clock_ms_ = 0;  ///< how wrong its clock is
    bool tried_again_ = false;   ///< some visitor pressed "try again"

    std::unique_ptr<sync::Outbox> outbox_;  ///< the courier's
    std::optional<sync::Sender> sender_;
    sync::Told told_;  ///< of the ledger, lately
    unsigned failures_ = 0;
    std::int64_t turn_ = 0;  ///< of the courier: an older plan is void
    bool idle_ = false;
    bool sending_ = false;
    bool refused_ = false;

    bool enrolled_ = false;
    bool always_sealed_ = false;
    int enrolments_ = 0;
    bool began_old_ = false;
    bool was_old_ = false;  ///< its outbox is still of the first version
    bool was_restored_ = false;
    bool power_ = false;
    std::optional<Disk::Image> backup_;
    std::int64_t backed_up_at_ = 0;
    Disk::Harm seen_;
};

}  // namespace kaiku::sim
