#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiosk/main/options.hpp"
#include "sync/checked_toml.hpp"

namespace kaiku::kiosk {

/// As apply_config(), of a text that was read already; errors call it `name`.
Status apply_config_text(std::string_view text, const std::string& name, Options& options);

/// Reads one table; every key must be known, typed right and in range.
class Reader {
  public:
    Reader(std::string file, const toml::table& table, std::string prefix)
        : file_(std::move(file)), table_(table), prefix_(std::move(prefix)) {}

    template <class T>
    void text(const char* key, T& target) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        if (const auto value = node->value<std::string>(); value && node->is_string()) {
            target = *value;
        } else {
            report(key, *node, "must be a text in quotes");
        }
    }

    void number(const char* key, double low, double high, const std::function<void(double)>& set) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        const auto value = node->value<double>();
        if (!value || !node->is_number() || !(*value >= low && *value <= high)) {
            report(key, *node, "must be a number from " + shown(low) + " to " + shown(high));
            return;
        }
        set(*value);
    }

    void flag(const char* key, bool& target) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        if (const auto value = node->value<bool>(); value && node->is_boolean()) {
            target = *value;
        } else {
            report(key, *node, "must be true or false");
        }
    }

    template <class T, class Parse>
    void name(const char* key, T& target, Parse parse, const char* choices) {
        std::string given;
        const toml::node* node = table_.get(key);
        text(key, given);
        if (node == nullptr || error_) return;
        if (const auto value = parse(given)) {
            target = *value;
        } else {
            report(key, *node, std::string("must be one of ") + choices);
        }
    }

    /// true, false, "no" or "ask".
    void assisted(Options& options) {
        const toml::node* node = table_.get("assisted");
        if (node == nullptr || node->is_boolean()) return flag("assisted", options.assisted);
        known_.emplace_back("assisted");
        const auto value = node->value<std::string>();
        options.ask_assisted = value == "ask";
        if (value != "ask" && value != "no") {
            report("assisted", *node, "must be true, false, \"ask\" or \"no\"");
        }
    }

    /// A list of respondent kinds, each once.
    void kinds(const char* key, std::vector<survey::RespondentKind>& target) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        const char* wrong = "must be a list of adult, youth, child, relative, each at most once";
        if (!node->is_array() || node->as_array()->empty()) return report(key, *node, wrong);
        for (const toml::node& each : *node->as_array()) {
            const auto kind =
                survey::respondent_kind_from(each.value<std::string>().value_or(std::string()));
            if (!kind || std::find(target.begin(), target.end(), *kind) != target.end()) {
                return report(key, each, wrong);
            }
            target.push_back(*kind);
        }
    }

    /// A list of key names for an action.
    void keys(const char* key, flow::KeyAction action, Options& options) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        std::vector<std::string> names;
        const toml::array* list = node->as_array();
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            if (const auto name = (*list)[i].value<std::string>()) names.push_back(*name);
        }
        if (list == nullptr || names.size() != list->size() || names.empty()) {
            report(key, *node, "must be a list of key names, as [\"Left\", \"Up\"]");
        } else if (const auto wrong = bind_keys(options, action, names)) {
            report(key, *node, "names \"" + *wrong + "\", which is no key or is taken");
        }
    }

    /// A list of texts.
    void texts(const char* key, std::vector<std::string>& target) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        std::vector<std::string> read;
        if (const auto* list = node->as_array()) {
            for (const toml::node& each : *list) {
                if (each.is_string()) read.push_back(*each.value<std::string>());
            }
            if (read.size() == list->size()) {
                target = std::move(read);
                return;
            }
        }
        report(key, *node, "must be a list of texts in quotes");
    }

    /// An array of tables; empty when there is none.
    std::vector<const toml::table*> tables(const char* key) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return {};
        std::vector<const toml::table*> found;
        if (const auto* list = node->as_array()) {
            for (const toml::node& each : *list) {
                if (each.is_table()) found.push_back(each.as_table());
            }
            if (found.size() == list->size()) return found;
        }
        report(key, *node, "must be tables: [[" + std::string(key) + "]]");
        return {};
    }

    /// A sub-table, or nullptr.
    const toml::table* table(const char* key) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return nullptr;
        if (!node->is_table()) report(key, *node, "must be a table: [" + std::string(key) + "]");
        return node->as_table();
    }

    Status finish() {
        for (const auto& [key, node] : table_) {
            const bool is_known =
                std::find(known_.begin(), known_.end(), key.str()) != known_.end();
            if (!is_known) report(std::string(key.str()), node, "is not a known key; remove it");
        }
        if (error_) return tl::make_unexpected(*error_);
        return {};
    }

  private:
    static std::string shown(double value) { return std::to_string(static_cast<long long>(value)); }
    void report(const std::string& key, const toml::node& node, const std::string& what) {
        if (error_) return;
        error_ = Error{Errc::invalid, file_ + ":" + std::to_string(node.source().begin.line) +
                                          ": " + prefix_ + key + " " + what};
    }

    std::string file_;
    const toml::table& table_;
    std::string prefix_;
    std::vector<std::string> known_;
    std::optional<Error> error_;
};

}  // namespace kaiku::kiosk
