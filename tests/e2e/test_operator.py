#!/usr/bin/env python3
"""What whoever looks after a terminal is told, and can do about it."""
import re
import subprocess
import unittest

from rig import BIN, Rig, respondent


class Quarantine(unittest.TestCase):
    def kiosk(self, rig, *arguments):
        return rig.run("kaiku-kiosk", *arguments, "--data-dir", rig.folder / "device")

    def test_answers_for_a_unit_that_central_does_not_know_come_back_once_it_does(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = rig.play(respondent("fi", 9, {"safe": 4}, "Salaisuus.") +
                            respondent("sv", 3, {}) + [{"expect": "synced"}],
                            extra=("--unit", "KESKUSTAA"))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("there is no unit 'KESKUSTAA'", done.stderr)  # the terminal's log

            synced = self.kiosk(rig, "--sync")
            self.assertEqual((synced.returncode, synced.stdout),
                             (0, "waiting 0, sent 0, quarantined 2\n"))
            self.assertIn("2 × /unit: there is no unit 'KESKUSTAA'", synced.stderr)
            self.assertIn("--requeue", synced.stderr)

            check = self.kiosk(rig, "--self-check", "--headless", "--unit", "KESKUSTAA")
            self.assertEqual(check.returncode, 0, check.stdout)
            self.assertRegex(check.stdout, r"ok +unit +KESKUSTAA, as configured; the device is "
                                           r"enrolled for TEST")
            self.assertRegex(check.stdout, r"warn +quarantine +2 × /unit: there is no unit")
            self.assertRegex(check.stdout, r"ok +disk +\d+ MiB free")
            self.assertNotIn("Salaisuus", synced.stderr + check.stdout + done.stderr)

            early = self.kiosk(rig, "--requeue")
            self.assertEqual((early.returncode, early.stdout), (0, "requeued 2, waiting 2\n"))
            again = self.kiosk(rig, "--sync")
            self.assertEqual(again.stdout, "waiting 0, sent 0, quarantined 2\n")

            rig.central("unit", "add", "--code", "KESKUSTAA", "--name-fi", "K", "--name-sv", "C",
                        "--parent", "TEST")
            self.assertEqual(self.kiosk(rig, "--requeue").stdout, "requeued 2, waiting 2\n")
            sent = self.kiosk(rig, "--sync")
            self.assertEqual((sent.returncode, sent.stdout, sent.stderr),
                             (0, "waiting 0, sent 2, quarantined 0\n", ""))
            self.assertEqual(rig.report("--min-n", "1", "--unit", "TEST")["total"]["n"], 2)
            self.assertRegex(self.kiosk(rig, "--self-check", "--headless").stdout,
                             r"ok +quarantine +empty")

    def test_putting_back_without_anything_in_quarantine_is_no_trouble(self):
        with Rig() as rig:
            done = self.kiosk(rig, "--requeue")
            self.assertEqual((done.returncode, done.stdout), (0, "requeued 0, waiting 0\n"))


class SelfCheck(unittest.TestCase):
    def test_a_device_without_a_unit_fails_its_check(self):
        with Rig() as rig:
            done = rig.run("kaiku-kiosk", "--self-check", "--headless", "--data-dir", rig.folder / "d")
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stdout, r"FAIL +unit +none; give --unit")

    def on_a_small_disk(self, rig, *arguments):
        """Runs the terminal with its data on a disk of 4 MiB; skips where nobody may make one."""
        small = rig.folder / "small"
        small.mkdir()
        inner = 'mount -t tmpfs -o size=4m none "$1" || exit 77; shift; exec "$@"'
        done = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", inner, "sh", small,
                               BIN / "kaiku-kiosk", "--headless", "--unit", "T", "--data-dir",
                               small / "device", *arguments],
                              capture_output=True, text=True, timeout=60)
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("this machine lets nobody mount a small disk: " + done.stderr.strip())
        return done

    def test_a_disk_with_too_little_room_fails_the_check(self):
        with Rig() as rig:
            done = self.on_a_small_disk(rig, "--self-check")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertRegex(done.stdout, r"FAIL +disk .*KiB free on this disk, 8192 KiB are needed; "
                                          r"free some space")

    def test_a_disk_with_too_little_room_closes_the_terminal_and_the_log_says_why(self):
        with Rig() as rig:
            script = rig.script([{"expect": "out_of_service"}])
            done = self.on_a_small_disk(rig, "--script", script)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, r"KiB free on this disk, 8192 KiB are needed; free some "
                                          r"space on it; the terminal is out of service")


class Output(unittest.TestCase):
    def test_output_that_does_not_arrive_is_an_error(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            device = rig.folder / "device"
            for arguments in (["--sync"], ["--requeue"], ["--self-check", "--headless"],
                              ["--list-speech"], ["--help"], ["--version"]):
                with self.subTest(arguments), open("/dev/full", "w") as full:
                    done = subprocess.run(
                        [BIN / "kaiku-kiosk", *arguments, "--data-dir", device], stdout=full,
                        stderr=subprocess.PIPE, text=True, timeout=60)
                    self.assertEqual(done.returncode, 1)
                    self.assertRegex(done.stderr, re.compile("output could not be written in full$",
                                                             re.M))


if __name__ == "__main__":
    unittest.main(verbosity=2)
