// Whether those who are told of alerts can be told.
#include <string>

#include "central/fleet/alert_text.hpp"
#include "central/main/fleet_line.hpp"
#include "central/main/fleet_watch.hpp"

namespace kaiku::central {
namespace {

Status try_mail(const Settings& settings) {
    const auto mailer = fleet::make_curl_mailer(settings.fleet.mail);
    if (!mailer) return tl::make_unexpected(mailer.error());
    const auto words = alert_words();
    if (!words) return tl::make_unexpected(words.error());
    if (Status sent = (*mailer)->send(fleet::trial_mail(settings.organiser, *words)); !sent) {
        return sent;
    }
    return print("mail: the server took a letter for " +
                 std::to_string(settings.fleet.mail.to.size()) + " addresses; see that it comes\n");
}

Status try_webhook(const Settings& settings) {
    const auto webhook = fleet::make_curl_webhook(settings.fleet.webhook);
    if (!webhook) return tl::make_unexpected(webhook.error());
    const std::string nothing = fleet::json_of({}, settings.organiser);
    if (Status posted = (*webhook)->post(nothing, wall_now()); !posted) return posted;
    return print("webhook: the other side took a list of no alerts\n");
}

}  // namespace

Status run_fleet_try(const Settings& settings, const CommandLine& /*line*/) {
    const bool mails = !settings.fleet.mail.server.empty();
    const bool posts = !settings.fleet.webhook.url.empty();
    if (!mails && !posts) {
        return fail(Errc::invalid,
                    "fleet: neither mail_server nor webhook_url is set under [fleet]; nobody would "
                    "be told (is --config missing?)");
    }
    Status mailed = mails ? try_mail(settings) : Status();
    Status posted = posts ? try_webhook(settings) : Status();
    if (!mailed && !posted) {
        return fail(mailed.error().code, mailed.error().detail + "; " + posted.error().detail);
    }
    return mailed ? posted : mailed;
}

}  // namespace kaiku::central
