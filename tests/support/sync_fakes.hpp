#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "survey/response.hpp"
#include "sync/outbox.hpp"
#include "sync/protocol.hpp"
#include "sync/uplink.hpp"

namespace kaiku::test {

/// The n-th id of a fixed random sequence: equal numbers give equal ids.
inline survey::ResponseId id_of(std::uint64_t number) {
    std::mt19937_64 random(number * 2654435761U + 1);
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return survey::ResponseId::from_random(bytes);
}

inline sync::OutboxEntry entry_of(std::uint64_t number) {
    return {id_of(number), "{\"marker\":\"m" + std::to_string(number) + "\"}"};
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// An uplink whose answers a test decides.
class FakeUplink final : public sync::Uplink {
  public:
    using Request = sync::UplinkRequest;
    using Answer = std::function<Result<sync::UplinkReply>(const Request&)>;

    explicit FakeUplink(Answer answer) : answer_(std::move(answer)) {}

    Result<sync::UplinkReply> post(const sync::UplinkRequest& request) override {
        requests.push_back(request);
        return answer_(requests.back());
    }

    std::vector<Request> requests;

  private:
    Answer answer_;
};

inline sync::UplinkReply json_reply(int status, std::string body) {
    return {status, "application/json", std::move(body), 0};
}

/// What central promises, in memory: keeps one copy by id, refuses what `refuses` names.
struct FakeCentral {
    std::map<std::string, std::string> stored;
    std::map<std::string, std::string> refuses;  ///< id to reason
    int posts = 0;

    Result<sync::UplinkReply> answer(const FakeUplink::Request& request) {
        ++posts;
        auto items = sync::decode_batch(request.body);
        if (!items) return json_reply(400, "{}");
        sync::Receipt receipt;
        for (auto& item : *items) {
            if (const auto found = refuses.find(item.id); found != refuses.end()) {
                receipt.refused.push_back({item.id, found->second});
                continue;
            }
            stored.emplace(item.id, item.response);
            receipt.accepted.push_back(item.id);
        }
        return json_reply(200, sync::encode_receipt(receipt));
    }
};

}  // namespace kaiku::test
