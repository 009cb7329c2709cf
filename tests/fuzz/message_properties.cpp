#include "kiosk/flow/scanning.hpp"
#include "survey/take_along.hpp"
#include "survey/utf8.hpp"
#include "survey/wire.hpp"
#include "sync/ledger.hpp"
#include "sync/protocol.hpp"
#include "sync/sealing.hpp"
#include "tests/fuzz/properties.hpp"

namespace kaiku::fuzz {

namespace {

/// An error is one line for people.
void check_error(const Error& error) {
    KAIKU_ASSERT(!error.detail.empty() && survey::is_valid_utf8(error.detail));
    KAIKU_ASSERT(error.detail == one_line(error.detail));
}

const sync::KeyPair& central_key() {
    static const Result<sync::KeyPair> pair = sync::KeyPair::make();
    KAIKU_ASSERT(pair.has_value());
    return *pair;
}

}  // namespace

void check_message(std::string_view input) {
    if (const auto items = sync::decode_batch(input)) {
        KAIKU_ASSERT(items->size() <= sync::kMaxBatchResponses);
        for (const sync::BatchItem& item : *items) {
            const bool faulty = !item.fault.empty();
            KAIKU_ASSERT(!faulty || (item.response.empty() && item.sealed.empty()));
            KAIKU_ASSERT(item.response.empty() || item.sealed.empty());
            if (!item.sealed.empty()) (void)central_key().open_answer(item.sealed);
            if (!item.response.empty()) (void)survey::decode_response(item.response);
        }
    } else {
        check_error(items.error());
    }
    if (const auto receipt = sync::decode_receipt(input)) {
        // Reasons are cut when they are written; what was read once is read the same again.
        const auto again = sync::decode_receipt(sync::encode_receipt(*receipt));
        KAIKU_ASSERT(again.has_value() && *again == *receipt);
    }
    if (const auto report = sync::decode_ledger(input)) {
        KAIKU_ASSERT(report->days.size() <= sync::kMaxLedgerDays);
        KAIKU_ASSERT(sync::decode_ledger(sync::encode_ledger(*report)) == *report);
    }
    if (const auto days = sync::decode_received(input)) {
        KAIKU_ASSERT(sync::decode_received(sync::encode_received(*days)) == *days);
    }
    if (const auto enrolled = sync::decode_enrolled(input)) {
        const auto again = sync::decode_enrolled(sync::encode_enrolled(*enrolled));
        KAIKU_ASSERT(again.has_value() && *again == *enrolled);
    }
    if (const auto enrolling = sync::decode_enrolment(input)) {
        KAIKU_ASSERT(sync::decode_enrolment(sync::encode_enrolment(*enrolling)) == *enrolling);
    }
    if (const auto renewal = sync::decode_renewal(input)) {
        KAIKU_ASSERT(sync::decode_renewal(sync::encode_renewal(*renewal)) == *renewal);
    }
}

void check_sealed(std::string_view input) {
    const sync::KeyPair& key = central_key();
    if (const auto opened = key.open_answer(input); !opened) check_error(opened.error());
    if (const auto opened = key.open(input); !opened) check_error(opened.error());
    const auto nothing = [](std::string_view, int) -> const survey::Instrument* { return nullptr; };
    KAIKU_ASSERT(!survey::decode_take_along(input, nothing).has_value());
    if (input.size() > std::size_t{16} * 1024) return;
    // Whatever is sealed comes out as it went in.
    const auto sealed = sync::seal_answer(input, key.public_key());
    KAIKU_ASSERT(sealed.has_value() && sync::is_sealed(*sealed));
    KAIKU_ASSERT(key.open_answer(*sealed) == std::string(input));
}

void check_scan(std::string_view input) {
    flow::Setup setup;
    setup.unit = "K1";
    setup.web_url = "https://palaute.example.fi";
    setup.staff.device = true;
    setup.staff.units = {{"K1", "Korvaklinikka", ""}, {"NLA-2", "Neuvola", ""}};
    const flow::ScannedCode code = flow::read_code(setup, input);
    const bool known = code.unit == "K1" || code.unit == "NLA-2";
    KAIKU_ASSERT((code.kind == flow::ScannedCode::Kind::unit) == known);
    KAIKU_ASSERT(code.kind != flow::ScannedCode::Kind::none);
}

}  // namespace kaiku::fuzz
