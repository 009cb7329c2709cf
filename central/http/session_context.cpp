#include <spdlog/spdlog.h>

#include <algorithm>

#include "central/http/session.hpp"

namespace kaiku::central {

namespace asio = boost::asio;

std::string SessionContext::sender_of(const asio::ip::address& given) const {
    const bool mapped = given.is_v6() && given.to_v6().is_v4_mapped();
    const asio::ip::address address =
        mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, given.to_v6()) : given;
    std::string text = address.to_string();
    if (std::find(limits.proxies.begin(), limits.proxies.end(), text) != limits.proxies.end()) {
        return {};
    }
    if (address.is_v4()) return text;
    const auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.begin() + 8};
}

std::chrono::seconds SessionContext::wait_of(const std::string& sender) {
    if (sender.empty()) return std::chrono::seconds(0);
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto wait =
        requests.take(sender, std::chrono::duration_cast<std::chrono::milliseconds>(now));
    if (wait.count() > 0) {
        ++limited_requests;
        tell_of_limits();
    }
    return wait;
}

bool SessionContext::take_body(std::size_t bytes) {
    const std::size_t before = unanswered_bytes_.fetch_add(bytes);
    if (before == 0 || before + bytes <= limits.unanswered_bytes) return true;
    unanswered_bytes_ -= bytes;
    ++put_off_requests;
    tell_of_limits();
    return false;
}

bool SessionContext::enter(const std::shared_ptr<Connection>& connection,
                           const std::string& sender) {
    if (has_room_for(connection, sender)) return true;
    ++refused_connections;
    if (!stopping) tell_of_limits();
    return false;
}

bool SessionContext::has_room_for(const std::shared_ptr<Connection>& connection,
                                  const std::string& sender) {
    const std::lock_guard lock(mutex_);
    if (stopping || connections_.size() >= limits.connections) return false;
    if (!sender.empty() && limits.connections_per_address > 0) {
        std::size_t& count = of_sender_[sender];
        if (count >= limits.connections_per_address) return false;
        ++count;
    }
    connections_.emplace(connection.get(), Entry{connection, sender});
    return true;
}

void SessionContext::tell_of_limits() {
    constexpr std::chrono::minutes kPause{1};
    {
        const std::lock_guard lock(mutex_);
        const auto now = std::chrono::steady_clock::now();
        if (told_at_ && now - *told_at_ < kPause) return;
        told_at_ = now;
    }
    spdlog::warn(
        "limits: turned away since the start: {} connections closed at once, {} requests answered "
        "429, {} put off with 503; see [limits] and /metrics",
        refused_connections.load(), limited_requests.load(), put_off_requests.load());
}

void SessionContext::leave(const Connection* connection) {
    bool last = false;
    {
        const std::lock_guard lock(mutex_);
        const auto found = connections_.find(connection);
        if (found == connections_.end()) return;
        const auto counted = of_sender_.find(found->second.sender);
        if (counted != of_sender_.end() && --counted->second == 0) of_sender_.erase(counted);
        connections_.erase(found);
        last = connections_.empty() && stopping;
    }
    if (last && on_empty) {
        on_empty();
    }
}

ServerLoad SessionContext::load() {
    const std::lock_guard lock(mutex_);
    return {connections_.size(), waiting, limited_requests, refused_connections, put_off_requests};
}

bool SessionContext::empty() {
    const std::lock_guard lock(mutex_);
    return connections_.empty();
}

std::vector<std::shared_ptr<Connection>> SessionContext::alive() {
    std::vector<std::shared_ptr<Connection>> all;
    const std::lock_guard lock(mutex_);
    for (const auto& [key, entry] : connections_) {
        if (auto one = entry.connection.lock()) {
            all.push_back(std::move(one));
        }
    }
    return all;
}

// A connection may end on another thread meanwhile, so that the last reference to it is ours: its
// destructor calls leave(), which takes the lock. Nothing of it may be let go under the lock.
void SessionContext::finish_all(Connection::Patience patience) {
    for (const auto& connection : alive()) {
        connection->finish(patience);
    }
}

void SessionContext::abort_all() {
    for (const auto& connection : alive()) {
        connection->abort();
    }
}

}  // namespace kaiku::central
