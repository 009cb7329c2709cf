#include "central/keys/keyholder.hpp"

#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "central/keys/key_wire.hpp"

namespace kaiku::central {

void lock_memory_up() {
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        spdlog::warn("keyholder: core dumps could not be switched off");
    }
}

Keyholder::Keyholder(UnixSocket listening, std::filesystem::path path, uid_t serve_uid,
                     const sync::Opener& keys)
    : listening_(std::move(listening)),
      path_(std::move(path)),
      serve_uid_(serve_uid),
      keys_(keys) {}

Keyholder::~Keyholder() { ::unlink(path_.c_str()); }

Result<std::unique_ptr<Keyholder>> Keyholder::open(const std::filesystem::path& socket,
                                                   uid_t serve_uid, const sync::Opener& keys) {
    auto listening = UnixSocket::listen(socket, serve_uid);
    if (!listening) return tl::make_unexpected(listening.error());
    return std::unique_ptr<Keyholder>(
        new Keyholder(std::move(*listening), socket, serve_uid, keys));
}

void Keyholder::answer(const UnixSocket& connection) const {
    const auto peer = connection.peer();
    if (!peer || *peer != serve_uid_) {
        spdlog::warn("keyholder: turned away a process of another user");
        return;
    }
    const auto frame = connection.receive(kMaxKeyFrame);
    // A connection without a word is somebody who looks whether anybody is here.
    if (!frame) return;
    const auto request = decode_key_request(*frame);
    if (!request) {
        spdlog::warn("{}", request.error().detail);
        return;
    }
    KeyReply reply;
    reply.key = keys_.public_key();
    switch (request->wish) {
        case KeyWish::key:
            break;
        case KeyWish::answers:
            reply.opened = keys_.open_answers(request->sealed);
            break;
        case KeyWish::link:
            reply.opened.push_back(keys_.open(request->sealed.front()));
            break;
    }
    std::string bytes = encode_key_reply(reply);
    for (auto& each : reply.opened) {
        if (each) wipe(*each);
    }
    if (const Status sent = connection.send(bytes); !sent) {
        spdlog::warn("keyholder: {}", sent.error().detail);
    }
    wipe(bytes);
}

void Keyholder::answer_all() const {
    for (;;) {
        const UnixSocket connection = listening_.accept();
        if (!connection.is_open()) return;
        try {
            answer(connection);
        } catch (const std::exception& exception) {
            spdlog::error("keyholder: {}", typeid(exception).name());
        }
    }
}

void Keyholder::run() {
    const unsigned count = std::clamp(std::thread::hardware_concurrency(), 2U, 16U);
    std::vector<std::jthread> threads;
    for (unsigned thread = 0; thread < count; ++thread) {
        threads.emplace_back([this] { answer_all(); });
    }
}

}  // namespace kaiku::central
