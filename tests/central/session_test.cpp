#include "central/http/session.hpp"

#include <future>
#include <thread>

#include "tests/support/catch.hpp"

using namespace kaiku::central;

namespace {

/// Ends as soon as it is asked to, as a connection does that another thread closes meanwhile: then
/// whoever asked holds the last reference.
class Leaving final : public Connection {
  public:
    explicit Leaving(SessionContext& context) : context_(context) {}
    ~Leaving() override { context_.leave(this); }
    Leaving(const Leaving&) = delete;
    Leaving& operator=(const Leaving&) = delete;
    void finish(Patience /*patience*/) override { self.reset(); }
    void abort() override { self.reset(); }

    std::shared_ptr<Leaving> self;

  private:
    SessionContext& context_;
};

struct Room {
    boost::asio::thread_pool workers{1};
    SessionContext context{{[](const Request&) { return Reply{}; }}, {}, workers};
};

}  // namespace

TEST_CASE("connections that end while they are asked to do not hold up the end") {
    // Everything the asking thread uses outlives this test if it hangs.
    const auto room = std::make_shared<Room>();
    for (int count = 0; count < 3; ++count) {
        const auto connection = std::make_shared<Leaving>(room->context);
        connection->self = connection;
        REQUIRE(room->context.enter(connection));
    }
    const bool cut_off = GENERATE(false, true);
    std::packaged_task<void()> task([room, cut_off] {
        cut_off ? room->context.abort_all() : room->context.finish_all(Connection::Patience::none);
    });
    auto done = task.get_future();
    std::thread asking(std::move(task));
    const bool ended = done.wait_for(std::chrono::seconds{10}) == std::future_status::ready;
    ended ? asking.join() : asking.detach();
    REQUIRE(ended);
    CHECK(room->context.empty());
}

TEST_CASE("the last connection to leave an ending server says so once") {
    Room room;
    int emptied = 0;
    room.context.on_empty = [&] { ++emptied; };
    auto first = std::make_shared<Leaving>(room.context);
    auto second = std::make_shared<Leaving>(room.context);
    REQUIRE(room.context.enter(first));
    REQUIRE(room.context.enter(second));
    room.context.stopping = true;
    CHECK_FALSE(room.context.enter(std::make_shared<Leaving>(room.context)));
    first.reset();
    CHECK(emptied == 0);
    second.reset();
    CHECK(emptied == 1);
}

TEST_CASE("bodies beyond the limit are put off until earlier ones are answered") {
    boost::asio::thread_pool workers{1};
    ServerLimits limits;
    limits.unanswered_bytes = 100;
    SessionContext context{{[](const Request&) { return Reply{}; }}, limits, workers};
    CHECK(context.take_body(60));
    CHECK(context.take_body(40));
    CHECK_FALSE(context.take_body(1));
    CHECK(context.load().put_off_requests == 1);
    context.give_back_body(60);
    CHECK(context.take_body(60));
    context.give_back_body(40);
    context.give_back_body(60);
    CHECK(context.take_body(1000));  // alone, however large
    CHECK_FALSE(context.take_body(1));
    CHECK(context.load().put_off_requests == 2);
}
