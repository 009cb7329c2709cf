#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace kaiku::survey {

/// Languages a respondent can answer in, in the order in which screens offer them.
enum class Language { fi, sv, en };
inline constexpr std::array kLanguages{Language::fi, Language::sv, Language::en};

/// Whose experience a response is about.
enum class RespondentKind { adult, youth, child, relative };
inline constexpr std::array kRespondentKinds{RespondentKind::adult, RespondentKind::youth,
                                             RespondentKind::child, RespondentKind::relative};

/// The way by which a response reached us.
enum class Channel { kiosk, staff_device, qr, sms, web, paper, phone };
inline constexpr std::array kChannels{Channel::kiosk, Channel::staff_device, Channel::qr,
                                      Channel::sms,   Channel::web,          Channel::paper,
                                      Channel::phone};

/// Names as they stand on the wire, in databases and in reports: "fi", "adult", "staff-device".
std::string_view to_string(Language language) noexcept;
std::string_view to_string(RespondentKind kind) noexcept;
std::string_view to_string(Channel channel) noexcept;

/// The reverse; nothing for a name that is not exactly one of the above.
std::optional<Language> language_from(std::string_view name) noexcept;
std::optional<RespondentKind> respondent_kind_from(std::string_view name) noexcept;
std::optional<Channel> channel_from(std::string_view name) noexcept;

}  // namespace kaiku::survey
