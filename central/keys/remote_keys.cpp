#include "central/keys/remote_keys.hpp"

#include "central/keys/unix_socket.hpp"

namespace kaiku::central {

Result<std::unique_ptr<RemoteKeys>> RemoteKeys::connect(const std::filesystem::path& socket,
                                                        uid_t keyholder_uid) {
    std::unique_ptr<RemoteKeys> made(new RemoteKeys(socket, keyholder_uid));
    if (Status there = made->check(); !there) return tl::make_unexpected(there.error());
    return made;
}

Result<std::vector<Result<std::string>>> RemoteKeys::ask(
    KeyWish wish, std::span<const std::string_view> sealed) const {
    const auto connection = UnixSocket::connect(socket_);
    if (!connection) return tl::make_unexpected(connection.error());
    const auto peer = connection->peer();
    if (!peer) return tl::make_unexpected(peer.error());
    if (*peer != keyholder_uid_) {
        return fail(Errc::refused, socket_.string() + ": whoever listens there is of user " +
                                       std::to_string(*peer) + ", not " +
                                       std::to_string(keyholder_uid_) + " (keyholder.uid)");
    }
    if (Status sent = connection->send(encode_key_request(wish, sealed)); !sent) {
        return tl::make_unexpected(sent.error());
    }
    auto frame = connection->receive(kMaxKeyFrame);
    if (!frame) return tl::make_unexpected(frame.error());
    auto reply = decode_key_reply(*frame);
    wipe(*frame);
    if (!reply) return tl::make_unexpected(reply.error());
    if (reply->opened.size() != sealed.size()) {
        return fail(Errc::malformed, "keyholder: opened another number than it was sent");
    }
    const std::lock_guard lock(mutex_);
    key_ = reply->key;
    return std::move(reply->opened);
}

sync::PublicKey RemoteKeys::public_key() const {
    const std::lock_guard lock(mutex_);
    return key_;
}

std::vector<Result<std::string>> RemoteKeys::open_answers(
    std::span<const std::string_view> sealed) const {
    auto opened = ask(KeyWish::answers, sealed);
    if (opened) return std::move(*opened);
    // Whatever went wrong between the two says nothing about the answers.
    return {sealed.size(), fail(Errc::network, opened.error().detail)};
}

Result<std::string> RemoteKeys::open(std::string_view sealed) const {
    const std::string_view one[] = {sealed};
    auto opened = ask(KeyWish::link, one);
    if (!opened) return fail(Errc::network, opened.error().detail);
    return std::move(opened->front());
}

Status RemoteKeys::check() const {
    const auto asked = ask(KeyWish::key, {});
    if (!asked) return tl::make_unexpected(asked.error());
    return {};
}

}  // namespace kaiku::central
