#!/usr/bin/env python3
"""A new sealing key at central, with the real programs: nobody enrols again, no answer is lost."""
import json
import stat
import unittest

from rig import Rig

VISIT = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]
SYNCED = [{"expect": "synced"}]


class Rotation(unittest.TestCase):
    def visit(self, rig, *more):
        done = rig.play([*VISIT, *more], instrument="quick-nps")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def sync(self, rig):
        return rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")

    def told(self, rig):
        return json.loads((rig.folder / "device/device.json").read_text())

    def stored(self, rig):
        return rig.report("--min-n", "1")["total"]["n"]

    def restart(self, rig):
        self.assertEqual(rig.stop_central(), 0)
        rig.start_central()

    def test_a_terminal_takes_the_new_key_and_what_was_sealed_before_still_arrives(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            old = self.told(rig)["sealing_key"]
            self.visit(rig, *SYNCED)
            rig.stop_central()
            self.visit(rig)
            new_id = rig.central("key", "rotate").strip()
            listed = rig.central("key", "list").splitlines()
            self.assertEqual(len(listed), 2)
            self.assertEqual(listed[0], f"{new_id}  in use")
            old_id, state = listed[1].split()
            self.assertEqual(state, "former")
            self.assertEqual(stat.S_IMODE((rig.folder / "central.db.key").stat().st_mode), 0o600)
            rig.start_central()
            # One program run: sends what the old key closed, learns the new one, seals to it.
            self.visit(rig, *SYNCED, *VISIT, *SYNCED)
            self.assertEqual(self.stored(rig), 4)
            told = self.told(rig)
            self.assertNotEqual(told["sealing_key"], old)
            self.assertEqual(told["former_sealing_keys"], [old])
            # The old key is not needed any more.
            aside = rig.central("key", "retire", "--key", old_id).strip()
            self.assertTrue(aside.endswith(f"central.db.key.retired-{old_id}"))
            self.restart(rig)
            self.visit(rig, *SYNCED)
            self.assertEqual(self.stored(rig), 5)
            self.assertEqual(rig.central("key", "list"), f"{new_id}  in use\n")

    def test_answers_of_a_key_that_was_retired_too_early_wait_until_it_is_given_back(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            self.visit(rig)
            old_id = rig.central("key", "list").split()[0]
            rig.central("key", "rotate")
            aside = rig.central("key", "retire", "--key", old_id).strip()
            self.restart(rig)
            done = self.sync(rig)
            self.assertIn("quarantined 1", done.stdout)
            self.assertIn("former key", done.stdout + done.stderr)
            with open(rig.folder / "central.db.key", "a") as ring, open(aside) as key:
                ring.write(key.read())
            self.restart(rig)
            done = rig.run("kaiku-kiosk", "--requeue", "--data-dir", rig.folder / "device")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.sync(rig).returncode, 0)
            self.assertEqual(self.stored(rig), 1)

    def test_a_central_that_goes_back_to_a_former_key_is_not_followed(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            key = rig.folder / "central.db.key"
            backup = key.read_bytes()
            rig.central("key", "rotate")
            self.restart(rig)
            self.visit(rig, *SYNCED)
            held = self.told(rig)["sealing_key"]
            newest = key.read_bytes()
            rig.stop_central()
            key.write_bytes(backup)
            rig.start_central()
            said = self.visit(rig)  # which may send at once, or leave it to the next
            done = self.sync(rig)
            self.assertIn("quarantined 1", done.stdout)
            self.assertIn("went back to a sealing key of before", said + done.stdout + done.stderr)
            self.assertEqual(self.told(rig)["sealing_key"], held)
            rig.stop_central()
            key.write_bytes(newest)
            rig.start_central()
            rig.run("kaiku-kiosk", "--requeue", "--data-dir", rig.folder / "device")
            self.assertEqual(self.sync(rig).returncode, 0)
            self.assertEqual(self.stored(rig), 2)

    def test_what_cannot_be_done_with_keys_is_refused_in_words(self):
        with Rig() as rig:
            missing = rig.run("kaiku-central", "key", "rotate", "--store", rig.store)
            self.assertEqual(missing.returncode, 1)
            self.assertIn("there is no key file", missing.stderr)
            rig.start_central()
            key = rig.folder / "central.db.key"
            before = key.read_bytes()
            in_use = rig.central("key", "list").split()[0]
            for one, says in ((in_use, "is the key in use"), ("00000000", "holds no key")):
                done = rig.run("kaiku-central", "key", "retire", "--key", one, "--store", rig.store)
                self.assertEqual(done.returncode, 1)
                self.assertIn(says, done.stderr)
            rig.stop_central()
            key.chmod(0o644)
            for words in (["key", "list"], ["serve", "--listen", "127.0.0.1:0"]):
                done = rig.run("kaiku-central", *words, "--store", rig.store)
                self.assertEqual(done.returncode, 1)
                self.assertIn("chmod 600", done.stderr)
                self.assertEqual(done.stdout, "")
            self.assertEqual(key.read_bytes(), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
