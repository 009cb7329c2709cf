#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "central/main/settings.hpp"
#include "sync/checked_toml.hpp"

namespace kaiku::central {

/// Reads values of known keys; the first fault stays.
class Reader {
  public:
    explicit Reader(std::string file) : file_(std::move(file)) {}

    void text(const std::string& key, const toml::node& node, std::string& target) {
        if (const auto value = node.value_exact<std::string>(); value && !value->empty()) {
            target = *value;
        } else {
            complain(key, node, "must be a text");
        }
    }
    void path(const std::string& key, const toml::node& node, std::filesystem::path& target) {
        std::string value;
        text(key, node, value);
        target = value;
    }
    template <class Number>
    void number(const std::string& key, const toml::node& node, std::int64_t low, std::int64_t high,
                Number& target) {
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < low || *value > high) {
            complain(key, node,
                     "must be a whole number from " + std::to_string(low) + " to " +
                         std::to_string(high));
            return;
        }
        if constexpr (requires { typename Number::value_type; }) {
            target = static_cast<typename Number::value_type>(*value);
        } else {
            target = static_cast<Number>(*value);
        }
    }
    void time(const std::string& key, const toml::node& node, std::chrono::milliseconds& target) {
        std::int64_t milliseconds = target.count();
        number(key, node, 1, 3'600'000, milliseconds);
        target = std::chrono::milliseconds(milliseconds);
    }
    void addresses(const std::string& key, const toml::node& node,
                   std::vector<std::string>& target) {
        const toml::array* list = node.as_array();
        if (list == nullptr) return complain(key, node, "must be a list of IP addresses");
        target.clear();
        for (const auto& each : *list) {
            boost::system::error_code failed;
            const auto address =
                boost::asio::ip::make_address(each.value_or(std::string()), failed);
            if (failed) return complain(key, node, "must be a list of IP addresses");
            target.push_back(address.to_string());
        }
    }
    void complain(const std::string& key, const toml::node& node, const std::string& what) {
        if (!status_) return;
        const auto line = node.source().begin.line;
        const std::string place = line == 0 ? "" : ":" + std::to_string(line) + ": " + key;
        status_ = fail(Errc::invalid, file_ + place + ": " + what);
    }
    const Status& status() const { return status_; }

  private:
    std::string file_;
    Status status_;
};

/// What to do with the value of a key; the key is said in complaints.
using Setter = std::function<void(const std::string&, const toml::node&)>;
using Setters = std::map<std::string, Setter>;

/// Every key there is.
Setters setters(Reader& read, Settings& settings);

/// Whether `key` may be given as `<key>_file` too: the path of a file that holds the value alone.
bool may_be_file(const std::string& key);
/// The one line that a file holds, without its end. Errors name the file and never its content.
Result<std::string> read_secret(const std::filesystem::path& file);

/// The keys of looking after the endpoint: log, restarts, retention.
Setters ops_setters(Reader& read, Settings& settings);
/// The keys of looking after the fleet.
Setters fleet_setters(Reader& read, FleetSettings& fleet);

}  // namespace kaiku::central
