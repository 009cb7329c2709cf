#!/usr/bin/env python3
"""A terminal that nobody supervises takes what central sets, and comes back by itself."""
import json
import subprocess
import time
import unittest

from rig import BIN, Rig

PATIENCE_S = 90


class Alone(unittest.TestCase):
    def test_it_begins_anew_in_the_same_process_and_tells_so(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            rig.central("fleet", "config", "set", "--everywhere", "first_language=sv")
            log = rig.folder / "kiosk.log"
            with open(log, "wb") as out:
                program = subprocess.Popen(
                    [BIN / "kaiku-kiosk", "--headless", "--data-dir", rig.folder / "device"],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            try:
                until = time.monotonic() + PATIENCE_S
                while "as set" not in rig.central("fleet", "list"):
                    self.assertIsNone(program.poll(), log.read_text())
                    self.assertLess(time.monotonic(), until, log.read_text())
                    time.sleep(0.5)
                told = json.loads(rig.central("fleet", "list", "--format", "json"))
                self.assertEqual([each["errors"] for each in told], [{}])
                self.assertEqual(log.read_text().count("the terminal starts anew"), 1)
            finally:
                program.terminate()
                code = program.wait(20)
            self.assertEqual(code, 0, log.read_text())

    def test_a_start_that_fails_with_it_is_tried_again_and_without_it(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            rig.central("fleet", "config", "set", "--everywhere", "first_language=sv")
            script = rig.script([{"advance_s": 15}, {"expect": "restart"}])
            device = rig.folder / "device"
            done = rig.run("kaiku-kiosk", "--headless", "--data-dir", device, "--script", script)
            self.assertEqual(done.returncode, 75, done.stderr)
            # No words to show: every start fails, with what central set and without.
            share = BIN.parent / "share/kaiku"
            (rig.folder / "share").mkdir()
            (rig.folder / "share/instruments").symlink_to(share / "instruments")
            config = rig.folder / "kiosk.toml"
            config.write_text(f'share_dir = "{rig.folder / "share"}"\n')
            done = rig.run("kaiku-kiosk", "--headless", "--data-dir", device, "--config", config)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertEqual(done.stderr.count("share/locales"), 4, done.stderr)
            self.assertEqual(done.stderr.count("3 times with it"), 1, done.stderr)
            kept = json.loads((device / "fleet.json").read_text())
            self.assertEqual((kept["fresh"], kept["good"], kept["tries"]), (None, None, 0))
            self.assertTrue(kept["failed"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
