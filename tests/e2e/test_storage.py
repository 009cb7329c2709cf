#!/usr/bin/env python3
"""A damaged outbox, a disk that fills, and memory that stays memory."""
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

from rig import BIN, Rig

VISIT = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]


class Storage(unittest.TestCase):
    def setUp(self):
        self.rig = self.enterContext(Rig())
        self.device = self.rig.folder / "device"

    def play(self, lines, **options):
        return self.rig.play(lines, instrument="quick-nps", **options)

    def kiosk(self, *arguments):
        return self.rig.run("kaiku-kiosk", *arguments, "--data-dir", self.device)

    def stored(self):
        return self.rig.report("--min-n", "1")["total"]["n"]

    def test_a_damaged_outbox_is_set_aside_and_what_it_holds_is_salvaged(self):
        self.rig.start_central()
        self.rig.enrol()
        self.rig.stop_central()
        self.assertEqual(self.play(VISIT * 4).returncode, 0)
        outbox = self.device / "outbox.db"
        content = bytearray(outbox.read_bytes())
        content[:1024] = bytes(1024)
        outbox.write_bytes(content)
        done = self.play(VISIT)  # a new one is begun, and the visitor thanked
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("outbox.db.corrupt-1", done.stderr)
        self.rig.start_central()
        self.assertEqual(self.kiosk("--sync").returncode, 0)
        self.assertEqual(self.stored(), 1)
        done = self.kiosk("--salvage", self.device)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("outbox.db.corrupt-1: 4 answers are in the queue, 0 cannot be read",
                      done.stdout)
        for _ in range(2):  # twice does no harm
            self.assertEqual(self.kiosk("--sync").returncode, 0)
            self.assertEqual(self.stored(), 5)
            self.kiosk("--salvage", self.device)
        self.assertTrue((self.device / "outbox.db.corrupt-1").exists())

    def test_salvage_says_where_it_found_nothing(self):
        for folder, words in ((self.rig.folder / "nowhere", "No such file"),
                              (self.rig.folder, "holds no other outbox")):
            done = self.kiosk("--salvage", folder)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(words, done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root mounts a small disk")
    def test_the_answer_being_given_when_the_disk_fills_is_still_kept(self):
        self.device.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "kaiku", self.device],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(done.stderr)
        try:
            self.rig.start_central()
            self.rig.enrol()
            self.assertEqual(self.play(VISIT).returncode, 0)
            self.assertEqual((self.device / "reserve").stat().st_size, 4 * 1024 * 1024)
            witness = self.rig.folder / "shots" / "begun.png"
            arguments = self.rig.kiosk_arguments(
                [*VISIT[:2], *({"screenshot": name} for name in ("begun.png", *["more.png"] * 40)),
                 *VISIT[2:]],
                instrument="quick-nps", extra=("--screenshots", witness.parent))
            kiosk = subprocess.Popen([BIN / "kaiku-kiosk", *arguments], stdin=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE, text=True)
            deadline = time.monotonic() + 20
            while not witness.exists() and kiosk.poll() is None:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.002)
            kiosk.send_signal(signal.SIGSTOP)
            try:  # somebody else fills the disk meanwhile
                with open(self.device / "ballast", "wb") as ballast:
                    while True:
                        ballast.write(b"x" * 65536)
                        ballast.flush()
            except OSError:
                pass
            kiosk.send_signal(signal.SIGCONT)
            said = kiosk.communicate(timeout=60)[1]
            self.assertEqual(kiosk.returncode, 0, said)
            self.assertIn("the reserve was given up", said)
            self.assertFalse((self.device / "reserve").exists())
            self.assertNotEqual(self.play(VISIT).returncode, 0)  # and now it is out of service
            (self.device / "ballast").unlink()
            self.assertEqual(self.play([*VISIT, {"expect": "synced"}]).returncode, 0)
            self.assertTrue((self.device / "reserve").exists())
            self.assertEqual(self.stored(), 3)
        finally:
            subprocess.run(["umount", "-l", self.device], check=False)

    def test_no_memory_of_the_terminal_can_go_to_the_swap_disk(self):
        if os.environ.get("KAIKU_SANITIZE"):
            self.skipTest("a sanitizer's own memory cannot be locked")
        self.rig.start_central()
        self.rig.enrol()
        self.rig.stop_central()
        lines = [*VISIT, {"expect": "synced"}]  # which it waits for in vain
        kiosk = subprocess.Popen(
            [BIN / "kaiku-kiosk", *self.rig.kiosk_arguments(lines, instrument="quick-nps")],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            locked = 0
            deadline = time.monotonic() + 20
            while locked <= 1000 and kiosk.poll() is None and time.monotonic() < deadline:
                status = pathlib.Path(f"/proc/{kiosk.pid}/status").read_text()
                known = re.search(r"VmLck:\s+(\d+)", status)
                locked = int(known[1]) if known else 0
        finally:
            kiosk.kill()
            said = kiosk.communicate()[1]
        self.assertTrue(locked > 1000 or "memory is not locked" in said, (locked, said))
        if os.geteuid() == 0:
            self.assertGreater(locked, 1000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
