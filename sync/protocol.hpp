#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/response.hpp"
#include "survey/result.hpp"
#include "sync/outbox.hpp"
#include "sync/signing.hpp"

/// What device and central say to each other (docs/FORMATS.md, "Wire"). Shared by both sides.
namespace kaiku::sync {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kMaxBatchResponses = 1024;
/// What every central takes, and what a slow line carries in time: a device begins with these.
inline constexpr std::size_t kFirstBatchResponses = 256;
/// And as many go at most, which keeps the terminal's memory small.
inline constexpr std::size_t kLargestSentBatch = 512;
inline constexpr std::size_t kMaxBatchBytes = std::size_t{4} * 1024 * 1024;

/// One element of a batch as central reads it: the id, and the response, not yet looked at.
struct BatchItem {
    std::string id;        ///< as sent; may be no UUID at all
    std::string response;  ///< JSON text of the response object; empty with a fault or when sealed
    std::string sealed{};  ///< what seal_answer() made, instead
    std::string fault{};   ///< what is wrong with the element itself, with its JSON pointer
};

/// {"protocol":1,"responses":[{"id":UUID,"sealed":"…"}…]}; a payload that is not sealed goes as
/// {"id":UUID,"response":{…}}.
std::string encode_batch(const std::vector<OutboxEntry>& entries);
/// Refuses unknown versions, unknown fields, more than kMaxBatchResponses, unsafe JSON. A single
/// bad item does not fail the batch: it comes back with whatever id it has.
Result<std::vector<BatchItem>> decode_batch(std::string_view json_text);

struct Refusal {
    std::string id;
    std::string reason;  ///< short English, no answers in it
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Central's word: exactly these ids are stored, exactly these were refused for good.
struct Receipt {
    std::vector<std::string> accepted;
    std::vector<Refusal> refused;
    friend bool operator==(const Receipt&, const Receipt&) = default;
};
/// {"protocol":1,"receipt":{"accepted":[…],"refused":[{"id","reason"}…]}}
std::string encode_receipt(const Receipt& receipt);
/// Anything else (HTML from a captive portal, an empty 200, another version) is an error.
Result<Receipt> decode_receipt(std::string_view json_text);

/// What a device enrols with: a one-time code, and the key it will sign with. Programs before 0.2
/// had no key.
struct Enrolling {
    std::string code;
    std::optional<SignerKey> key{};
    friend bool operator==(const Enrolling&, const Enrolling&) = default;
};
/// {"protocol":1,"code":"…","public_key":"…"}
std::string encode_enrolment(const Enrolling& enrolling);
Result<Enrolling> decode_enrolment(std::string_view json_text);

/// A device that asks for a new credential, with the key it signs with.
struct Renewal {
    std::string device_id;
    SignerKey key;
    friend bool operator==(const Renewal&, const Renewal&) = default;
};
/// {"protocol":1,"renewal":{"device":UUID,"public_key":"…"}}
std::string encode_renewal(const Renewal& renewal);
Result<Renewal> decode_renewal(std::string_view json_text);

/// What a device is given in answer to its code, and again when it renews its credential.
struct Enrolment {
    std::string device_id;
    std::string credential;  ///< secret bearer token
    std::string unit;
    std::string unit_name_fi;
    std::string unit_name_sv;
    /// Central's key that answers are sealed to (encode_key).
    std::string sealing_key{};
    /// Where people answer on their own phones, "https://palaute.example.fi"; empty when central
    /// offers no web survey.
    std::string web_url{};
    /// Central's key that receipts are signed with (encode_signer); empty where central has none.
    std::string signing_key{};
    /// Sealing keys that the device had before, oldest first: its own memory, never on the wire. It
    /// does not go back to one of them, whoever asks.
    std::vector<std::string> former_keys{};
    friend bool operator==(const Enrolment&, const Enrolment&) = default;
};
inline constexpr std::size_t kMaxFormerKeys = 32;
inline constexpr std::size_t kMaxWebAddressBytes = 120;
/// True for "https://host[:port]" and nothing after it; plain http is for this computer alone
/// (127.0.0.1, localhost). It stands in QR codes and on screens.
bool is_web_address(std::string_view text);

std::string encode_enrolled(const Enrolment& enrolment);
Result<Enrolment> decode_enrolled(std::string_view json_text);

}  // namespace kaiku::sync
