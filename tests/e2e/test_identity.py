#!/usr/bin/env python3
"""Who a terminal is to central: its key, its credential's life, and what an operator may take away.

Whatever happens to either, an answer that was thanked for stays until central has it.
"""
import http.server
import json
import shutil
import sqlite3
import stat
import threading
import unittest
import urllib.error
import urllib.request

from rig import Rig

VISIT = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]
SYNCED = [{"expect": "synced"}]


class Listener(http.server.ThreadingHTTPServer):
    """Somebody on the way, who passes everything on and keeps what devices say."""

    def __init__(self, url):
        self.url = url
        self.heard = []
        super().__init__(("127.0.0.1", 0), ListenerHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def ask(self, path, headers, body):
        """Says something to central; returns (status, headers, body)."""
        asked = urllib.request.Request(self.url + path, body, headers)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read()


class ListenerHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name: value for name, value in self.headers.items()
                   if name in ("Authorization", "Content-Type") or name.startswith("Kaiku-")}
        self.server.heard.append((self.path, headers, body))
        status, answered, content = self.server.ask(self.path, headers, body)
        self.send_response(status)
        for name, value in answered.items():
            if name == "Content-Type" or name.startswith("Kaiku-"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Identity(unittest.TestCase):
    def visit(self, rig, *more, device="device"):
        done = rig.play([*VISIT, *more], instrument="quick-nps", device=device)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def sync(self, rig, device="device"):
        return rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / device)

    def told(self, rig, device="device"):
        return json.loads((rig.folder / device / "device.json").read_text())

    def stored(self, rig):
        return rig.report("--min-n", "1")["total"]["n"]

    def devices(self, rig):
        listed = json.loads(rig.central("device", "list", "--format", "json"))
        return {each["device"]: each for each in listed}

    def change_store(self, rig, *statements):
        """What years, or an older program, would have left."""
        with sqlite3.connect(rig.folder / "central.db") as store:
            for statement in statements:
                store.execute(statement)
        store.close()

    def enrol_again(self, rig, code, device="device"):
        (rig.folder / device / "device.json").rename(rig.folder / "former.json")
        done = rig.run("kaiku-kiosk", "--enroll", code, "--central", rig.url,
                       "--data-dir", rig.folder / device)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_key_is_made_before_the_code_leaves_the_terminal_and_never_leaves_it(self):
        with Rig() as rig:
            done = rig.run("kaiku-kiosk", "--enroll", "ABCD-EFGH-JKLM", "--central", rig.url,
                           "--data-dir", rig.folder / "device")
            self.assertEqual(done.returncode, 1)
            key = rig.folder / "device/signing.key"
            seed = key.read_text().strip()
            self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
            rig.start_central()
            rig.enrol()
            self.assertEqual(key.read_text().strip(), seed)
            self.visit(rig, *SYNCED)
            self.assertEqual(self.stored(rig), 1)
            for path in rig.folder.glob("central.*"):
                self.assertNotIn(seed.encode(), path.read_bytes(), path)

    def test_a_revoked_terminal_is_told_so_and_keeps_its_answers_until_it_is_enrolled_again(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            self.visit(rig, *SYNCED)
            device = self.told(rig)["device_id"]
            self.assertEqual(self.devices(rig)[device]["state"], "in use")
            rig.central("device", "revoke", "--device", device)
            self.visit(rig)
            done = self.sync(rig)
            self.assertEqual(done.returncode, 1)
            self.assertIn("waiting 1, sent 1, quarantined 0", done.stdout)
            self.assertIn("revoked this device", done.stderr)
            self.assertEqual(self.stored(rig), 1)
            self.assertEqual(self.devices(rig)[device]["state"], "revoked")
            self.enrol_again(rig, rig.central("enroll", "--unit", "TEST").strip())
            self.assertEqual(self.sync(rig).returncode, 0)
            self.assertEqual(self.stored(rig), 2)

    def test_a_terminal_that_takes_anothers_place_keeps_the_units_history(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            self.visit(rig, *SYNCED)
            old = self.told(rig)["device_id"]
            code = rig.central("device", "replace", "--device", old).strip()
            # The old one sends until the code is used.
            self.visit(rig, *SYNCED)
            done = rig.run("kaiku-kiosk", "--enroll", code, "--central", rig.url,
                           "--data-dir", rig.folder / "new")
            self.assertEqual(done.returncode, 0, done.stderr)
            new = self.told(rig, "new")["device_id"]
            self.visit(rig)
            self.assertIn("revoked", self.sync(rig).stderr)
            self.visit(rig, *SYNCED, device="new")
            listed = self.devices(rig)
            self.assertEqual((listed[old]["state"], listed[old]["replaced_by"]), ("replaced", new))
            self.assertEqual((listed[new]["state"], listed[new]["unit"]), ("in use", "TEST"))
            self.assertEqual(self.stored(rig), 3)
            text = rig.central("device", "list")
            self.assertEqual(text.splitlines()[0].split()[0], "device")
            self.assertEqual({line.split()[0] for line in text.splitlines()[1:]}, {old, new})
            again = rig.run("kaiku-central", "device", "replace", "--device", old,
                            "--store", rig.store)
            self.assertEqual(again.returncode, 1)
            self.assertIn("replaced before", again.stderr)

    def test_what_somebody_recorded_or_stole_on_the_way_is_worth_nothing(self):
        with Rig() as rig:
            rig.start_central()
            with Listener(rig.url) as listener:
                way, rig.url = rig.url, f"http://127.0.0.1:{listener.server_port}"
                rig.enrol()
                for _ in range(2):
                    self.visit(rig, *SYNCED)
                rig.url = way
                listener.shutdown()
                sent = [each for each in listener.heard if each[0] == "/v1/batches"]
                self.assertEqual(self.stored(rig), 2)
                # An old one; the same as the last, which only tells again what was told.
                self.assertEqual(listener.ask(*sent[0])[0], 409)
                self.assertIn(listener.ask(*sent[-1])[0], (200, 409))
                path, headers, body = sent[-1]
                later = {**headers, "Kaiku-Number": str(int(headers["Kaiku-Number"]) + 1)}
                forged = {"protocol": 1, "responses": []}
                for stolen in ({"Authorization": headers["Authorization"]}, later,
                               {**later, "Kaiku-Signature": "A" * 86}):
                    stolen["Content-Type"] = "application/json"
                    for content in (body, json.dumps(forged).encode()):
                        status, answered, _ = listener.ask(path, stolen, content)
                        self.assertEqual((status, answered["Kaiku-Reason"]), (401, "signature"))
                renewal = {"protocol": 1, "renewal": {"device": self.told(rig)["device_id"],
                                                      "public_key": "A" * 51 + "Q"}}
                status, _, _ = listener.ask("/v1/renew", stolen, json.dumps(renewal).encode())
                self.assertIn(status, (401, 422))
            self.visit(rig)
            self.assertEqual(self.stored(rig), 2)

    def test_a_terminal_of_before_makes_its_key_known_and_loses_no_answer(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            self.visit(rig)
            self.visit(rig)
            rig.stop_central()
            # As an older program and an older central would have left them.
            (rig.folder / "device/signing.key").unlink()
            path = rig.folder / "device/device.json"
            told = self.told(rig)
            self.assertTrue(told.pop("signing_key"))
            path.write_text(json.dumps(told))
            self.change_store(rig, "UPDATE devices SET public_key = '', number = 0,"
                              " number_signature = '', seen_at = NULL",
                              "UPDATE secrets SET expires_at = NULL")
            rig.start_central()
            log = (rig.folder / "central.log").read_text()
            self.assertIn("1 credentials of devices had no end", log)
            self.assertIn("1 devices have no key", log)
            self.assertEqual(self.devices(rig)[told["device_id"]]["state"], "no key")
            self.visit(rig, *SYNCED)
            self.assertEqual(self.stored(rig), 3)
            self.assertEqual(self.devices(rig)[told["device_id"]]["state"], "in use")
            after = self.told(rig)
            self.assertTrue(after["signing_key"])
            self.assertNotEqual(after["credential"], told["credential"])
            self.visit(rig, *SYNCED)
            self.assertEqual(self.stored(rig), 4)

    def test_a_terminal_that_comes_back_after_years_renews_its_credential_and_sends(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            before = self.told(rig)["credential"]
            self.visit(rig)
            self.change_store(rig, "UPDATE secrets SET expires_at = 1000000000")
            done = self.sync(rig)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.stored(rig), 1)
            self.assertNotEqual(self.told(rig)["credential"], before)
            self.visit(rig, *SYNCED)
            self.assertEqual(self.stored(rig), 2)

    def test_a_central_that_lost_its_signing_key_makes_no_terminal_delete(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            self.visit(rig)
            rig.stop_central()
            key = rig.folder / "central.db.signing.key"
            kept = key.read_bytes()
            key.unlink()
            rig.start_central()
            self.assertIn("a new key was made", (rig.folder / "central.log").read_text())
            done = self.sync(rig)
            self.assertEqual(done.returncode, 1)
            self.assertIn("waiting 1,", done.stdout)
            self.assertIn("without central's signature", done.stderr)
            rig.stop_central()
            key.write_bytes(kept)
            rig.start_central()
            self.assertEqual(self.sync(rig).returncode, 0)
            self.assertEqual(self.stored(rig), 1)

    def test_a_terminal_out_of_a_backup_and_its_clone_both_send(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            for _ in range(2):
                self.visit(rig)
            shutil.copytree(rig.folder / "device", rig.folder / "clone")
            self.assertEqual(self.sync(rig).returncode, 0)
            self.visit(rig, device="clone")
            self.assertEqual(self.sync(rig, "clone").returncode, 0)
            self.visit(rig)
            self.assertEqual(self.sync(rig).returncode, 0)
            self.assertEqual(self.stored(rig), 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
