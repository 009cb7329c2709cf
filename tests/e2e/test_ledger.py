#!/usr/bin/env python3
"""The ledger: what a terminal kept beside what central has, by device and day."""
import json
import sqlite3
import unittest

from rig import Rig

ANSWERED = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
            {"expect": "thanks"}, {"tap": "thanks.done"}]
SKIPPED = [{"tap": "start.sv"}, {"tap": "nav.next"}, {"tap": "text.skip"}, {"expect": "thanks"},
           {"tap": "thanks.done"}]
WALKED_AWAY = [{"tap": "start.fi"}, {"tap": "nps.3"}, {"advance_s": 900}, {"expect": "attract"}]
LEFT = [{"tap": "start.fi"}, {"tap": "nav.back"}, {"expect": "attract"}]
COUNTS = ("started", "answered", "skipped", "timed_out", "moved", "stored", "received")


class Ledger(unittest.TestCase):
    def setUp(self):
        self.rig = self.enterContext(Rig())
        self.rig.start_central()
        self.rig.enrol("K1")

    def play(self, lines):
        done = self.rig.play(lines, instrument="quick-nps")
        self.assertEqual(done.returncode, 0, done.stderr)

    def sync(self):
        done = self.rig.run("kaiku-kiosk", "--sync", "--data-dir", self.rig.folder / "device")
        self.assertEqual(done.returncode, 0, done.stderr)

    def ledger(self, *arguments):
        return json.loads(self.rig.central("ledger", "--format", "json", *arguments))

    def counts(self):
        (day,) = self.ledger()["days"]
        return {name: day[name] for name in COUNTS}

    def test_every_visit_ends_in_one_column_and_every_answer_arrives(self):
        self.play(ANSWERED + SKIPPED + WALKED_AWAY + LEFT + ANSWERED + [{"expect": "synced"}])
        self.sync()
        self.assertEqual(self.counts(), {"started": 5, "answered": 2, "skipped": 2, "timed_out": 1,
                                         "moved": 0, "stored": 3, "received": 3})
        text = self.rig.central("ledger", "--unit", "K1")
        self.assertIn("3 of 3 received", text)
        self.assertIn("Every answer that was kept is here.", text)
        # The counts go on after a restart, and what was told before is not told twice.
        self.play(ANSWERED + [{"expect": "synced"}])
        self.sync()
        self.assertEqual((self.counts()["started"], self.counts()["stored"]), (6, 4))

    def test_a_difference_is_named_with_what_the_device_holds(self):
        self.play(ANSWERED + ANSWERED + [{"expect": "synced"}])
        # One answer that central does not take, one that a broken disk loses at central's side.
        with sqlite3.connect(self.rig.folder / "central.db") as store:
            store.execute("UPDATE ledger SET received = received - 1")
        self.sync()
        (device,) = self.ledger()["devices"]
        self.assertEqual((device["missing"], device["waiting"]), (1, 0))
        self.assertIn("1 unexplained", device["verdict"])
        self.assertIn("1 of 2 received, 1 missing", self.rig.central("ledger"))
        self.assertIn("1 of 2 received", self.rig.central("ledger", "--format", "csv"))

    def test_while_central_is_away_the_device_counts_on(self):
        self.rig.stop_central()
        self.play(ANSWERED + ANSWERED)
        self.rig.start_central()
        self.sync()
        self.assertEqual(self.counts()["stored"], 2)
        self.assertEqual(self.counts()["received"], 2)

    def test_wrong_questions_are_refused(self):
        for arguments, words in ((("--from", "1.1.2026"), "is no day"),
                                 (("--unit", "nowhere"), "there is no unit 'nowhere'"),
                                 (("--format", "xml"), "none of text, json, csv")):
            done = self.rig.run("kaiku-central", "ledger", "--store", self.rig.store, *arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(words, done.stderr)
        self.assertIn("No device has counted", self.rig.central("ledger", "--to", "2020-01-01"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
