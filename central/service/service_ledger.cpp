#include <algorithm>

#include "central/service/problem.hpp"
#include "central/service/service.hpp"
#include "central/service/service_replies.hpp"

namespace kaiku::central {

Reply Service::ledger(const Request& request) {
    const Sender sender = admit(request, sync::SignedType::ledger, sync::kMaxLedgerBytes);
    if (!sender.device) return sender.refusal;
    const auto report = sync::decode_ledger(request.body);
    if (!report) return problem_of(report.error());
    const std::string& id = sender.device->id;
    if (Status kept = store_.take_ledger(*report, mark_of(request, sender)); !kept) {
        return store_trouble(kept.error());
    }
    std::vector<sync::DayReceived> received;
    if (!report->days.empty()) {
        const auto known = store_.ledger(id, report->days.front().day, report->days.back().day);
        if (!known) return store_trouble(known.error());
        for (const LedgerRow& row : known->rows) {
            const bool asked = std::ranges::binary_search(
                report->days, row.central.day, {}, [](const auto& each) { return each.day; });
            if (asked) received.push_back(row.central);
        }
    }
    return signed_reply(sender, sync::SignedType::received, sync::encode_received(received));
}

}  // namespace kaiku::central
