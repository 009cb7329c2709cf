#include "central/keys/keyholder.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "central/keys/key_wire.hpp"
#include "central/keys/remote_keys.hpp"
#include "sync/keyring.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace kaiku::central {
namespace {

/// A keyholder on a thread of the test.
class Running {
  public:
    Running(const std::filesystem::path& socket, const sync::Opener& keys,
            uid_t serve_uid = ::geteuid())
        : holder_(Keyholder::open(socket, serve_uid, keys).value()),
          thread_([this] { holder_->run(); }) {}
    ~Running() {
        holder_->stop();
        thread_.join();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

  private:
    std::unique_ptr<Keyholder> holder_;
    std::thread thread_;
};

struct Rig {
    test::TempDir folder;
    std::filesystem::path socket = folder.path() / "keys.sock";
    std::filesystem::path file = folder.path() / "key";
    sync::Keyring ring = sync::Keyring::load_or_make(file).value();
    std::string sealed(std::string_view plain) {
        return sync::seal_answer(plain, ring.public_key()).value();
    }
};

}  // namespace

TEST_CASE("serve has whole batches opened by the keyholder, each answer by itself") {
    Rig rig;
    const Running holder(rig.socket, rig.ring);
    const auto keys = RemoteKeys::connect(rig.socket, ::geteuid()).value();
    CHECK(keys->public_key() == rig.ring.public_key());
    CHECK(keys->check());
    const std::string good = rig.sealed("good");
    const std::string other = sync::seal_answer("x", sync::KeyPair::make()->public_key()).value();
    std::string changed = good;
    changed[100] = changed[100] == 'A' ? 'B' : 'A';
    std::vector<std::string_view> batch(256, good);
    batch[1] = other;
    batch[2] = changed;
    batch[3] = "";
    const auto opened = keys->open_answers(batch);
    REQUIRE(opened.size() == 256);
    CHECK(opened[0].value() == "good");
    CHECK(opened[1].error().code == Errc::not_found);
    CHECK(opened[2].error().code == Errc::corrupt);
    CHECK(opened[3].error().code == Errc::malformed);
    CHECK(opened[255].value() == "good");
    CHECK(keys->open_answers({}).empty());
    CHECK(keys->open(sync::seal("link", rig.ring.public_key()).value()).value() == "link");
    CHECK(keys->open("NONE").error().code == Errc::malformed);
}

TEST_CASE("a keyholder that is away or was started anew costs nothing but time") {
    Rig rig;
    const std::string before = rig.sealed("before");
    const std::string_view one[] = {before};
    CHECK(RemoteKeys::connect(rig.socket, ::geteuid()).error().code == Errc::network);
    std::unique_ptr<RemoteKeys> keys;
    {
        const Running holder(rig.socket, rig.ring);
        keys = RemoteKeys::connect(rig.socket, ::geteuid()).value();
    }
    CHECK_FALSE(std::filesystem::exists(rig.socket));
    CHECK(keys->open_answers(one).front().error().code == Errc::network);
    CHECK(keys->open("X").error().code == Errc::network);
    CHECK(keys->check().error().code == Errc::network);
    // With a new key: serve learns it with the next batch.
    REQUIRE(rig.ring.rotate(rig.file));
    const Running holder(rig.socket, rig.ring);
    CHECK_FALSE(keys->public_key() == rig.ring.public_key());
    CHECK(keys->open_answers(one).front().value() == "before");
    CHECK(keys->public_key() == rig.ring.public_key());
}

TEST_CASE("the socket is its user's alone, and what a killed keyholder left is replaced") {
    Rig rig;
    {
        auto left = UnixSocket::listen(rig.socket, ::geteuid());
        REQUIRE(left);
        struct stat found {};
        REQUIRE(::stat(rig.socket.c_str(), &found) == 0);
        CHECK((found.st_mode & 0777U) == 0600);
        CHECK(S_ISSOCK(found.st_mode));
        CHECK(Keyholder::open(rig.socket, ::geteuid(), rig.ring).error().code == Errc::busy);
    }
    REQUIRE(std::filesystem::exists(rig.socket));
    CHECK(Keyholder::open(rig.socket, ::geteuid(), rig.ring));
    const auto file = rig.folder.path() / "a-file";
    (void)std::ofstream(file);
    CHECK_FALSE(Keyholder::open(file, ::geteuid(), rig.ring));
    CHECK(std::filesystem::exists(file));
    CHECK(Keyholder::open(rig.folder.path() / std::string(108, 'x'), ::geteuid(), rig.ring)
              .error()
              .code == Errc::invalid);
    CHECK_FALSE(Keyholder::open("/nowhere/keys.sock", ::geteuid(), rig.ring));
}

TEST_CASE("neither side speaks with a process of another user") {
    Rig rig;
    if (::geteuid() != 0) {
        CHECK_FALSE(Keyholder::open(rig.socket, ::geteuid() + 1, rig.ring));
    }
    {
        const Running holder(rig.socket, rig.ring);
        const auto keys = RemoteKeys::connect(rig.socket, ::geteuid() + 1);
        REQUIRE_FALSE(keys);
        CHECK(keys.error().code == Errc::refused);
    }
    if (::geteuid() == 0) {
        // Root gives the socket to user 12345; root itself is then somebody else.
        const Running holder(rig.socket, rig.ring, 12345);
        struct stat found {};
        REQUIRE(::stat(rig.socket.c_str(), &found) == 0);
        CHECK(found.st_uid == 12345);
        CHECK(RemoteKeys::connect(rig.socket, 0).error().code == Errc::network);
    }
}

TEST_CASE("what is no message of serve's is dropped, and others are served on") {
    Rig rig;
    const Running holder(rig.socket, rig.ring);
    const auto say = [&](const std::string& frame) {
        const auto link = UnixSocket::connect(rig.socket).value();
        REQUIRE(link.send(frame));
        return link.receive(kMaxKeyFrame);
    };
    const std::string_view one[] = {"x"};
    const std::string good = encode_key_request(KeyWish::answers, one);
    CHECK(decode_key_reply(say(good).value())->opened.size() == 1);
    std::vector<std::string> wrong{"",
                                   "x",
                                   good + "x",
                                   good.substr(0, good.size() - 1),
                                   encode_key_request(KeyWish::link, {}),
                                   encode_key_request(KeyWish::key, one)};
    for (const std::size_t place : {0U, 1U, 2U, 5U, 6U}) {
        auto bent = good;
        bent[place] = '\x7f';
        wrong.push_back(bent);
    }
    for (const auto& frame : wrong) {
        INFO(frame.size());
        CHECK_FALSE(decode_key_request(frame));
        CHECK_FALSE(say(frame));
    }
    // One that says a length and no more, while others are served.
    const auto silent = UnixSocket::connect(rig.socket).value();
    CHECK(say(good));
    CHECK_FALSE(decode_key_reply(""));
    CHECK_FALSE(decode_key_reply(std::string(38, '\x01')));
}

}  // namespace kaiku::central
