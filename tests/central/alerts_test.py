"""Alerts reach a real mail server and a real webhook, and say when they are over."""
import email
import email.header
import hashlib
import hmac
import json
import pathlib
import sqlite3
import tempfile
import time

from alert_servers import (PACE, SECRET, Hook, MailServer, comes, full_device, hook_config,
                           mail_config, serving)
from central_fixture import Central, central, command, run
from device_key import heartbeat


def subject_of(letter):
    headers = email.message_from_string(letter["text"])
    return str(email.header.make_header(email.header.decode_header(headers["Subject"])))


def a_disk_that_fills_is_told_and_that_it_is_over():
    mail, hook = serving(MailServer()), serving(Hook())
    with central(PACE + mail_config(mail) + hook_config(hook)) as server:
        device = full_device(server)
        comes(lambda: mail.letters and hook.posts, server)
        letter = mail.letters[0]
        assert "kaiku@example.fi" in letter["from"] and len(letter["to"]) == 2
        assert subject_of(letter) == "Kaiku (main): 1 hälytystä, 0 ohi / 1 larm, 0 över"
        for words in ("Alkoi: Laitteen levy", "Började: Terminalens disk", "Yksikkö a, laite ",
                      "Enhet a, terminal ", device.told["id"], "17 MB free"):
            assert words in letter["text"], (words, letter["text"])
        headers, body = hook.posts[0]
        wanted = hmac.new(SECRET.encode(), headers["Kaiku-Timestamp"].encode() + b"." + body,
                          hashlib.sha256).hexdigest()
        assert headers["Kaiku-Webhook-Signature"] == f"sha256={wanted}"
        assert abs(int(headers["Kaiku-Timestamp"]) - time.time()) < 60
        told = json.loads(body)
        assert told["organiser"] == "main" and told["more"] == 0
        assert told["alerts"][0]["kind"] == "full" and told["alerts"][0]["state"] == "begun"
        listed = json.loads(server.command("fleet", "alerts", "--format", "json")[1])
        assert [each["kind"] for each in listed] == ["full"]
        assert device.post("/v1/heartbeat", "heartbeat", heartbeat(free_mb=5000))[0] == 200
        comes(lambda: len(mail.letters) == 2 and len(hook.posts) == 2, server)
        assert "Ohi: Laitteen levy" in mail.letters[1]["text"]
        assert json.loads(hook.posts[1][1])["alerts"][0]["state"] == "over"
        assert server.command("fleet", "alerts")[1] == "nothing is wrong\n"
        assert SECRET not in server.log_text()


def what_the_mail_server_did_not_take_comes_later():
    mail = serving(MailServer())
    mail.broken = True
    with central(PACE + mail_config(mail)) as server:
        full_device(server)
        comes(lambda: "fleet: alerts: mail:" in server.log_text(), server)
        with sqlite3.connect(server.store) as other:
            assert '"told_at":null' in other.execute("SELECT book FROM fleet_books").fetchone()[0]
        other.close()
        mail.broken = False
        comes(lambda: mail.letters, server)


def a_webhook_that_refuses_hangs_and_comes_back_is_told_once():
    hook = serving(Hook())
    hook.refuses = True
    with central(PACE + hook_config(hook)) as server:
        full_device(server)
        comes(lambda: "webhook: answered with status 500" in server.log_text(), server)
        hook.hanging, hook.refuses = True, False
        comes(lambda: "fleet: alerts: webhook: Timeout" in server.log_text(), server)
        assert server.request("GET", "/health")[0] == 200 and not hook.posts
        hook.hanging = False
        hook.comes_back.set()
        comes(lambda: hook.posts, server)
        assert [each["state"] for each in json.loads(hook.posts[0][1])["alerts"]] == ["begun"]
        assert SECRET not in server.log_text()


def a_stop_does_not_wait_for_a_mail_server_that_hangs():
    mail = serving(MailServer())
    mail.hanging = True
    slow = PACE.replace("send_seconds = 2", "send_seconds = 60")
    with central(slow + mail_config(mail)) as server:
        full_device(server)
        comes(lambda: mail.sessions, server)
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 30  # and not send_seconds
        mail.hanging = False
        mail.comes_back.set()
        server.start()
        comes(lambda: mail.letters, server)


def of_two_processes_on_a_store_one_tells():
    hook = serving(Hook())
    config = PACE + hook_config(hook)
    with central(config) as server, tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        other = Central(folder, config, store=server.store)
        try:
            device = full_device(server)
            for told in range(1, 7):  # begun, over, begun, over …
                comes(lambda: len(hook.posts) == told, server)
                free_mb = 17 if told % 2 == 0 else 5000
                beat = heartbeat(free_mb=free_mb)
                assert device.post("/v1/heartbeat", "heartbeat", beat)[0] == 200
        finally:
            assert other.stop() == 0
            other.log.close()
        states = [json.loads(body)["alerts"][0]["state"] for _, body in hook.posts[:6]]
        assert states == ["begun", "over"] * 3, states


def secrets_come_from_files_and_what_is_wrong_is_one_line():
    hook = serving(Hook())
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        path = pathlib.Path(folder)
        (path / "secret").write_text(SECRET + "\n", encoding="utf-8")
        url = f'webhook_url = "http://127.0.0.1:{hook.server_address[1]}/alerts"\n'
        with central(f'{PACE}{url}webhook_secret_file = "{path / "secret"}"\n') as server:
            full_device(server)
            comes(lambda: hook.posts, server)
        for config, said in (
                ('webhook_url = "http://example.fi/x"\nwebhook_secret = "0123456789abcdef"',
                 "fleet.webhook_url: must be https"),
                ('webhook_url = "https://example.fi/x"\nwebhook_secret = "sssshort"',
                 "at least 16"),
                ('mail_server = "https://example.fi"', "begins with smtps://"),
                ('mail_server = "smtps://u:pw12345@example.fi"',
                 "fleet.mail_server: is no address"),
                ('mail_server = "smtps://example.fi"', "fleet.mail_from and fleet.mail_to"),
                ('opening_hours = "sometimes"', "mon-fri 08:00-16:00")):
            (path / "c.toml").write_text("[fleet]\n" + config + "\n", encoding="utf-8")
            code, _, err = command("serve", "--listen", "127.0.0.1:0", "--config",
                                   str(path / "c.toml"), store=path / "s.db", check=False)
            assert code != 0 and said in err, (config, err)
            assert "sssshort" not in err and "pw12345" not in err, err


if __name__ == "__main__":
    run(a_disk_that_fills_is_told_and_that_it_is_over,
        what_the_mail_server_did_not_take_comes_later,
        a_webhook_that_refuses_hangs_and_comes_back_is_told_once,
        a_stop_does_not_wait_for_a_mail_server_that_hangs,
        of_two_processes_on_a_store_one_tells,
        secrets_come_from_files_and_what_is_wrong_is_one_line)
