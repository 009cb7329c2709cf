#include "sync/renewal.hpp"

#include <algorithm>
#include <utility>

namespace kaiku::sync {
namespace {

constexpr int kMaxSkips = 3;

Result<Enrolment> judge(const DeviceSession& session, const DeviceSession::Letter& letter,
                        const UplinkReply& reply, const Enrolment& known) {
    if (!session.is_genuine(SignedType::credential, letter, reply)) {
        return fail(Errc::refused,
                    "renewal: the answer is not signed with central's key; nothing was changed "
                    "(is somebody in between, or did central lose its key?)");
    }
    auto renewed = decode_enrolled(reply.body);
    if (!renewed) {
        return fail(Errc::network,
                    "renewal: no answer of central's: " + std::string(renewed.error().detail));
    }
    if (renewed->device_id != known.device_id) {
        return fail(Errc::refused, "renewal: the answer is for another device");
    }
    if (!known.signing_key.empty() && renewed->signing_key != known.signing_key) {
        return fail(Errc::refused,
                    "renewal: central's signing key has changed; enrol the device "
                    "again if that was meant");
    }
    if (!known.sealing_key.empty() && renewed->sealing_key.empty()) {
        return fail(Errc::refused, "renewal: central's answer brings no sealing key");
    }
    renewed->former_keys = known.former_keys;
    if (known.sealing_key.empty() || renewed->sealing_key == known.sealing_key) return renewed;
    auto& former = renewed->former_keys;
    if (std::find(former.begin(), former.end(), renewed->sealing_key) != former.end()) {
        return fail(Errc::refused,
                    "renewal: central went back to a sealing key of before; give it its newest "
                    "key file, or enrol the device again if that was meant");
    }
    former.push_back(known.sealing_key);
    if (former.size() > kMaxFormerKeys) former.erase(former.begin());
    return renewed;
}

}  // namespace

Result<Enrolment> renew(Uplink& uplink, DeviceSession& session, const Enrolment& known) {
    if (session.key() == nullptr) return fail(Errc::invalid, "renewal: this device has no key");
    const std::string body = encode_renewal({known.device_id, session.key()->public_key()});
    for (int attempt = 0; attempt <= kMaxSkips; ++attempt) {
        const auto letter = session.letter(SignedType::renewal, "/v1/renew", body);
        const auto reply = uplink.post(letter.request);
        if (!reply) return tl::make_unexpected(reply.error());
        if (reply->status == 409 && session.skip_to(letter, *reply)) continue;
        if (reply->status == 200) return judge(session, letter, *reply, known);
        const std::string status = " (status " + std::to_string(reply->status) + ")";
        if (reply->status == 401 || reply->status == 403) {
            return fail(Errc::unauthorized, "renewal: central refuses this device" + status);
        }
        return fail(Errc::network, "renewal: central cannot now" + status);
    }
    return fail(Errc::network, "renewal: central knows every number already");
}

}  // namespace kaiku::sync
