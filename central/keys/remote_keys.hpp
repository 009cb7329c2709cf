#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <mutex>

#include "central/keys/key_wire.hpp"
#include "sync/opener.hpp"

namespace kaiku::central {

/// Has a keyholder open things. Any thread may ask; each question is a connection of its own, so
/// that a keyholder may be restarted at any time.
class RemoteKeys final : public sync::Opener {
  public:
    /// Asks for the key to seal to. Errc::network when nobody answers at `socket`, Errc::refused
    /// when the one who does is not of user `keyholder_uid`.
    static Result<std::unique_ptr<RemoteKeys>> connect(const std::filesystem::path& socket,
                                                       uid_t keyholder_uid);

    /// As last heard: it comes with every reply.
    sync::PublicKey public_key() const override;
    std::vector<Result<std::string>> open_answers(
        std::span<const std::string_view> sealed) const override;
    Result<std::string> open(std::string_view sealed) const override;
    Status check() const override;

  private:
    RemoteKeys(std::filesystem::path socket, uid_t keyholder_uid)
        : socket_(std::move(socket)), keyholder_uid_(keyholder_uid) {}
    /// As many results as were sent, or an error.
    Result<std::vector<Result<std::string>>> ask(KeyWish wish,
                                                 std::span<const std::string_view> sealed) const;

    std::filesystem::path socket_;
    uid_t keyholder_uid_;
    mutable std::mutex mutex_;
    mutable sync::PublicKey key_;
};

}  // namespace kaiku::central
