#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sync/protocol.hpp"
#include "sync/signing.hpp"
#include "sync/uplink.hpp"

namespace kaiku::sync {

/// Milliseconds since 1970 of the device's clock, right or wrong.
using Milliseconds = std::function<std::int64_t()>;

/// The device's own clock.
Milliseconds system_milliseconds();

/// What the device's clocks say as a message goes.
using ClockReader = std::function<survey::ClockReading()>;

/// Who sends: the device's credential and key, central's key, and the number of the last message.
///
/// Each message has a number larger than the device's last one, and central remembers the largest
/// it took: a message that somebody recorded is worth nothing afterwards. The number comes from the
/// clock only because that needs no memory: with a clock that is wrong or was set back, or a device
/// out of a backup, central says which number it expects, and the device goes on from there.
class DeviceSession {
  public:
    /// A device without a key: nothing is signed, and receipts are believed as they come.
    explicit DeviceSession(std::string credential) : credential_(std::move(credential)) {}
    /// With central's key in the enrolment, only what that signed is believed.
    DeviceSession(const Enrolment& enrolment, std::shared_ptr<const SigningKey> key,
                  Milliseconds now);

    const std::string& credential() const noexcept { return credential_; }
    const std::string& device_id() const noexcept { return device_id_; }
    const SigningKey* key() const noexcept { return key_.get(); }
    const std::optional<SignerKey>& central() const noexcept { return central_; }
    /// From now on each message tells what this says.
    void tell_clock(ClockReader clock) { clock_ = std::move(clock); }
    /// What a renewal brought.
    void take(const Enrolment& enrolment);

    /// A message and the number it was given; 0 when it is not signed.
    struct Letter {
        UplinkRequest request;
        std::int64_t number = 0;
    };
    /// The next message, numbered and signed.
    Letter letter(SignedType type, const std::string& path, std::string body);
    /// Whether central signed this reply to that letter; anything passes while its key is unknown.
    bool is_genuine(SignedType type, const Letter& letter, const UplinkReply& reply) const;
    /// Heeds central's word that the letter's number was used before (409). False when it is not
    /// central's word.
    bool skip_to(const Letter& letter, const UplinkReply& reply);

  private:
    std::string credential_;
    std::string device_id_;
    std::shared_ptr<const SigningKey> key_;
    std::optional<SignerKey> central_;
    Milliseconds now_;
    ClockReader clock_;
    std::int64_t last_ = 0;
};

}  // namespace kaiku::sync
