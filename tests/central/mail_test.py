"""Alerts over the network as it is: STARTTLS and AUTH, secrets, servers that are down or not the
right ones, addresses that are no more, and how often somebody is told."""
import contextlib
import email
import email.utils
import hashlib
import hmac
import json
import os
import pathlib
import signal
import sqlite3
import tempfile
import time

from alert_servers import (PACE, SECRET, Hook, TlsMailServer, certificate, comes, full_device,
                           hook_config, serving)
from central_fixture import central, command, run
from device_key import SignedDevice, heartbeat

PASSWORD = "correct horse battery"
TO = ("care@example.fi", "gone@example.fi", "it@example.fi")
PACED = PACE.replace("between_minutes = 0\n", "")  # as it is unless it is set
# The sanitizers' programs take their time to shake hands.
PACE = PACE.replace("send_seconds = 2", "send_seconds = 10")


def mail_config(mail, cert, password=f'mail_password = "{PASSWORD}"\n'):
    scheme = "smtps" if mail.implicit else "smtp"
    mail.accounts["kaiku"] = PASSWORD
    return (f'mail_server = "{scheme}://127.0.0.2:{mail.server_address[1]}"\n'
            f'mail_user = "kaiku"\n{password}mail_from = "kaiku@example.fi"\n'
            f'mail_to = {json.dumps(TO)}\nca_file = "{cert}"\n')


@contextlib.contextmanager
def environment(**more):
    """What `serve` is started in."""
    os.environ.update(more)
    try:
        yield
    finally:
        for name in more:
            del os.environ[name]


@contextlib.contextmanager
def folder_with_certificate():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        yield pathlib.Path(folder), *certificate(folder)


def stays_secret(server):
    """Neither the log nor the list of processes has it."""
    assert PASSWORD not in server.log_text()
    line = pathlib.Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
    assert PASSWORD.encode() not in line and SECRET.encode() not in line


def was_signed_in_under_tls(mail):
    (letter,) = mail.letters
    assert (letter["user"], letter["secured"]) == ("kaiku", True), letter
    assert {verb for verb, secured in mail.heard if not secured} <= {"EHLO", "STARTTLS"}, mail.heard
    date = email.utils.parsedate_to_datetime(email.message_from_string(letter["text"])["Date"])
    assert abs(date.timestamp() - time.time()) < 300, letter["text"]


def a_letter_goes_under_starttls_with_a_password_from_a_file_or_the_environment():
    with folder_with_certificate() as (folder, cert, context):
        (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
        in_file = f'mail_password_file = "{folder / "password"}"\n'
        for config, variables in (
                (in_file, {}),
                ("", {"KAIKU_CENTRAL_FLEET_MAIL_PASSWORD": PASSWORD}),
                ("", {"KAIKU_CENTRAL_FLEET_MAIL_PASSWORD_FILE": str(folder / "password")})):
            mail = serving(TlsMailServer(context))
            with environment(**variables), central(PACE + mail_config(mail, cert, config)) as server:
                full_device(server)
                comes(lambda mail=mail: mail.letters, server)
                was_signed_in_under_tls(mail)
                stays_secret(server)


def smtps_is_tls_from_the_first_byte_on():
    with folder_with_certificate() as (_, cert, context):
        mail = serving(TlsMailServer(context, implicit=True))
        with central(PACE + mail_config(mail, cert)) as server:
            full_device(server)
            comes(lambda: mail.letters, server)
            assert all(secured for _, secured in mail.heard)
            was_signed_in_under_tls(mail)


def a_server_that_offers_no_tls_or_is_another_one_learns_nothing():
    with folder_with_certificate() as (folder, cert, context):
        _, foreign = certificate(folder, "foreign")
        mail = serving(TlsMailServer(context))
        mail.offers_tls = False
        with central(PACE + mail_config(mail, cert)) as server:
            full_device(server)
            comes(lambda: "fleet: alerts: mail: " in server.log_text(), server)
            mail.context, mail.offers_tls = foreign, True
            comes(lambda: mail.broken_off, server)
            assert {verb for verb, _ in mail.heard} <= {"EHLO", "STARTTLS", "QUIT"}, mail.heard
            mail.context = context
            comes(lambda: mail.letters, server)
            stays_secret(server)


def a_password_that_is_not_taken_is_told_and_tried_again():
    with folder_with_certificate() as (_, cert, context):
        mail = serving(TlsMailServer(context))
        with central(PACE + mail_config(mail, cert)) as server:
            mail.accounts["kaiku"] = "another one"
            full_device(server)
            comes(lambda: "fleet: alerts: mail: Login denied" in server.log_text(), server)
            mail.accounts["kaiku"] = PASSWORD
            comes(lambda: mail.letters, server)
            stays_secret(server)


def what_came_while_the_mail_server_was_down_comes_once_even_after_a_crash():
    with folder_with_certificate() as (_, cert, context):
        mail, hook = TlsMailServer(context, opens=False), serving(Hook())
        with central(PACE + mail_config(mail, cert) + hook_config(hook)) as server:
            device = full_device(server)
            comes(lambda: hook.posts and "fleet: alerts: mail: " in server.log_text(), server)
            assert device.post("/v1/heartbeat", "heartbeat", heartbeat(free_mb=5000))[0] == 200
            comes(lambda: len(hook.posts) == 2, server)
            # Until the book says so, the message would only come twice: that is borne, not lost.
            comes(lambda: owed(server) == ["full", "full over"], server)
            server.stop(signal.SIGKILL)
            end_claim(server)
            mail.server_activate()
            serving(mail)
            server.start()
            comes(lambda: mail.letters, server)
            comes(lambda: owed(server) == [], server)
            text = mail.letters[0]["text"]
            assert "Alkoi: Laitteen levy" in text and "Ohi: Laitteen levy" in text, text
            assert (len(mail.letters), len(hook.posts)) == (1, 2)


def book(server):
    with contextlib.closing(sqlite3.connect(server.store, timeout=30)) as store:
        found = store.execute("SELECT book FROM fleet_books").fetchone()
    return json.loads(found[0]) if found else {"open": [], "owed": {}}


def owed(server):
    notices = book(server)["owed"].get("mail", {"notices": []})["notices"]
    return [each["kind"] + (" over" if each["over"] else "") for each in notices]


def change_book(server, **values):
    with contextlib.closing(sqlite3.connect(server.store, timeout=30)) as store, store:
        changed = json.dumps(book(server) | values)
        store.execute("UPDATE fleet_books SET book = ?", (changed,))


def end_claim(server):
    """A process that died while it sent is waited for five minutes: as if they were over."""
    change_book(server, claimed_until=None)


def an_administrator_tries_it_out_before_anything_is_wrong():
    with folder_with_certificate() as (folder, cert, context):
        mail, hook = serving(TlsMailServer(context)), serving(Hook())
        path = folder / "c.toml"
        path.write_text("[fleet]\n" + mail_config(mail, cert) + hook_config(hook), encoding="utf-8")
        tried = ("fleet", "try", "--config", str(path))
        said = command(*tried, store=folder / "s.db")[1]
        assert said == ("mail: the server took a letter for 3 addresses; see that it comes\n"
                        "webhook: the other side took a list of no alerts\n"), said
        was_signed_in_under_tls(mail)
        for words in ("Tämä on kokeilu", "Det här är ett prov"):
            assert words in mail.letters[0]["text"], mail.letters[0]["text"]
        assert json.loads(hook.posts[0][1]) == {"organiser": "main", "alerts": [], "more": 0}
        mail.accounts.clear()
        code, out, err = command(*tried, store=folder / "s.db", check=False)
        assert code == 1 and out.startswith("webhook: ") and "mail: Login denied" in err, err
        assert err.count("\n") == 1 and PASSWORD not in err
        path.write_text("", encoding="utf-8")
        code, _, err = command(*tried, store=folder / "s.db", check=False)
        assert code == 1 and "neither mail_server nor webhook_url is set" in err, err


def an_address_that_is_no_more_keeps_nobody_from_the_letter():
    with folder_with_certificate() as (_, cert, context):
        mail = serving(TlsMailServer(context))
        mail.refuses = {"gone@example.fi"}
        with central(PACE + mail_config(mail, cert)) as server:
            full_device(server)
            comes(lambda: mail.letters, server)
            assert mail.letters[0]["to"] == ["care@example.fi", "it@example.fi"]
            comes(lambda: "refused address 2 of fleet.mail_to" in server.log_text(), server)
            assert "gone@example.fi" not in server.log_text()


def somebody_is_told_once_in_a_quarter_of_an_hour():
    hook = serving(Hook())
    with central(PACED + hook_config(hook)) as server:
        full_device(server)
        comes(lambda: hook.posts, server)
        other = SignedDevice(server, server.enrolment_code("a"))
        assert other.post("/v1/heartbeat", "heartbeat", heartbeat(free_mb=16))[0] == 200
        # A look has found it, and told nobody.
        comes(lambda: len(book(server)["open"]) == 2, server)
        listed = json.loads(server.command("fleet", "alerts", "--format", "json")[1])
        assert {each["device"]: each["told_at"] is None for each in listed}[other.told["id"]]
        assert len(hook.posts) == 1
        assert server.stop() == 0
        change_book(server, told_at=book(server)["told_at"] - 15 * 60)
        server.start()
        comes(lambda: len(hook.posts) == 2, server)
        told = json.loads(hook.posts[1][1])["alerts"]
        assert [each["device"] for each in told] == [other.told["id"]]


def a_webhook_is_signed_under_tls_and_no_redirect_is_followed():
    with folder_with_certificate() as (_, cert, context):
        hook, elsewhere = Hook(), serving(Hook())
        hook.socket = context.wrap_socket(hook.socket, server_side=True)
        hook.redirects_to = f"http://127.0.0.1:{elsewhere.server_address[1]}/alerts"
        serving(hook)
        config = hook_config(hook).replace("http://", "https://") + f'ca_file = "{cert}"\n'
        with environment(KAIKU_CENTRAL_FLEET_WEBHOOK_SECRET="a secret of the environment's"), \
                central(PACE + config.replace(f'webhook_secret = "{SECRET}"\n', "")) as server:
            full_device(server)
            comes(lambda: "webhook: answered with status 307" in server.log_text(), server)
            hook.redirects_to = None
            comes(lambda: hook.posts, server)
            headers, body = hook.posts[0]
            signed = headers["Kaiku-Timestamp"].encode() + b"." + body
            wanted = hmac.new(b"a secret of the environment's", signed, hashlib.sha256).hexdigest()
            assert headers["Kaiku-Webhook-Signature"] == f"sha256={wanted}"
            assert not elsewhere.posts


if __name__ == "__main__":
    run(a_letter_goes_under_starttls_with_a_password_from_a_file_or_the_environment,
        smtps_is_tls_from_the_first_byte_on,
        a_server_that_offers_no_tls_or_is_another_one_learns_nothing,
        a_password_that_is_not_taken_is_told_and_tried_again,
        what_came_while_the_mail_server_was_down_comes_once_even_after_a_crash,
        an_administrator_tries_it_out_before_anything_is_wrong,
        an_address_that_is_no_more_keeps_nobody_from_the_letter,
        somebody_is_told_once_in_a_quarter_of_an_hour,
        a_webhook_is_signed_under_tls_and_no_redirect_is_followed)
