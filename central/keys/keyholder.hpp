#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>

#include "central/keys/unix_socket.hpp"
#include "sync/opener.hpp"

namespace kaiku::central {

/// Switches core dumps of this process off, and lets no other process of the same user look into
/// its memory (prctl, PR_SET_DUMPABLE).
void lock_memory_up();

/// The process that alone has the private keys: opens what it is sent over a Unix socket, whole
/// batches at a time, and knows nothing of stores and networks.
class Keyholder {
  public:
    /// `keys` must outlive it. Only processes of `serve_uid` are answered.
    static Result<std::unique_ptr<Keyholder>> open(const std::filesystem::path& socket,
                                                   uid_t serve_uid, const sync::Opener& keys);
    /// Takes the socket's file away.
    ~Keyholder();
    Keyholder(const Keyholder&) = delete;
    Keyholder& operator=(const Keyholder&) = delete;

    /// Answers on several threads until stop().
    void run();
    /// From any thread.
    void stop() const { listening_.shut_down(); }

  private:
    Keyholder(UnixSocket listening, std::filesystem::path path, uid_t serve_uid,
              const sync::Opener& keys);
    void answer(const UnixSocket& connection) const;
    void answer_all() const;

    UnixSocket listening_;
    std::filesystem::path path_;
    uid_t serve_uid_;
    const sync::Opener& keys_;
};

}  // namespace kaiku::central
