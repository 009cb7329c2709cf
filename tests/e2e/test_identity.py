#!/usr/bin/env python3
"""Who a terminal is to central: its key, its credential's life, and what an operator may take away.

Whatever happens to either, an answer that was thanked for stays until central has it.
"""
import json
import shutil
import sqlite3
import stat
import unittest

from rig import Rig

VISIT = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]
SYNCED = [{"expect": "synced"}]


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
            self.change_store(rig, "DROP TABLE devices", "DROP TABLE ledger", "DROP TABLE elsewhere",
                              "DROP TABLE standings", "PRAGMA user_version = 2",
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
