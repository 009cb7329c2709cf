#include "survey/words.hpp"

namespace kaiku::survey {
namespace {

/// The member of `all` whose name is `name`.
template <class Range>
auto find_by_name(const Range& all, std::string_view name) noexcept
    -> std::optional<typename Range::value_type> {
    for (const auto value : all)
        if (to_string(value) == name) return value;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(Language language) noexcept {
    switch (language) {
        case Language::fi:
            return "fi";
        case Language::sv:
            return "sv";
        case Language::en:
            return "en";
    }
    return "unknown";
}

std::string_view to_string(RespondentKind kind) noexcept {
    switch (kind) {
        case RespondentKind::adult:
            return "adult";
        case RespondentKind::youth:
            return "youth";
        case RespondentKind::child:
            return "child";
        case RespondentKind::relative:
            return "relative";
    }
    return "unknown";
}

std::string_view to_string(Channel channel) noexcept {
    switch (channel) {
        case Channel::kiosk:
            return "kiosk";
        case Channel::staff_device:
            return "staff-device";
        case Channel::qr:
            return "qr";
        case Channel::sms:
            return "sms";
        case Channel::web:
            return "web";
        case Channel::paper:
            return "paper";
        case Channel::phone:
            return "phone";
    }
    return "unknown";
}

std::optional<Language> language_from(std::string_view name) noexcept {
    return find_by_name(kLanguages, name);
}

std::optional<RespondentKind> respondent_kind_from(std::string_view name) noexcept {
    return find_by_name(kRespondentKinds, name);
}

std::optional<Channel> channel_from(std::string_view name) noexcept {
    return find_by_name(kChannels, name);
}

}  // namespace kaiku::survey
