#include "sync/session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sync/clock_reading.hpp"

namespace kaiku::sync {
namespace {

/// 1 January 2100. A clock beyond it must not use up the numbers.
constexpr std::int64_t kLatestClock = 4'102'444'800'000;

}  // namespace

Milliseconds system_milliseconds() {
    return [] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    };
}

DeviceSession::DeviceSession(const Enrolment& enrolment, std::shared_ptr<const SigningKey> key,
                             Milliseconds now)
    : key_(std::move(key)), now_(std::move(now)) {
    take(enrolment);
}

void DeviceSession::take(const Enrolment& enrolment) {
    credential_ = enrolment.credential;
    device_id_ = enrolment.device_id;
    central_.reset();
    if (const auto key = decode_signer(enrolment.signing_key)) central_ = *key;
}

DeviceSession::Letter DeviceSession::letter(SignedType type, const std::string& path,
                                            std::string body) {
    Letter letter{{path, credential_, std::move(body)}};
    if (clock_) {
        letter.request.headers.emplace_back(std::string(kClockHeader), encode_clock(clock_()));
    }
    if (!key_) return letter;
    last_ = std::clamp<std::int64_t>(now_(), last_ + 1, std::max(last_ + 1, kLatestClock));
    letter.number = last_;
    letter.request.headers.emplace_back(kNumberHeader, std::to_string(letter.number));
    letter.request.headers.emplace_back(
        kSignatureHeader, key_->sign({type, device_id_, letter.number, letter.request.body}));
    return letter;
}

bool DeviceSession::is_genuine(SignedType type, const Letter& letter,
                               const UplinkReply& reply) const {
    if (!central_) return true;
    return verify(*central_, {type, device_id_, letter.number, reply.body},
                  header_of(reply.headers, kSignatureHeader));
}

bool DeviceSession::skip_to(const Letter& letter, const UplinkReply& reply) {
    const std::string_view text = header_of(reply.headers, kNumberHeader);
    const auto next = parse_number(text);
    if (!key_ || letter.number == 0 || !next) return false;
    if (central_ && !verify(*central_, {SignedType::stale, device_id_, letter.number, text},
                            header_of(reply.headers, kSignatureHeader))) {
        return false;
    }
    last_ = std::max(last_, *next - 1);
    return true;
}

}  // namespace kaiku::sync
