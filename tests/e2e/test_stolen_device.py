#!/usr/bin/env python3
"""A copy of a terminal's whole data folder tells nobody what anyone answered.

Every run of 32 bytes in every file of the folder, as it stands and out of each of the usual codings,
is tried as a key on what waits and on what was refused.
"""
import base64
import binascii
import ctypes
import ctypes.util
import pathlib
import re
import shutil
import sqlite3
import unittest

from rig import Rig

TEXT = "qzwxjvbkpygf"
VISIT = [{"tap": "start.fi"}, {"tap": "nps.3"}, {"tap": "nav.next"}, {"tap": "text.edit"},
         {"type": TEXT}, {"tap": "text.send"}, {"expect": "thanks"}, {"tap": "thanks.done"}]
SYNCED = [{"expect": "synced"}]
SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium"))
HEAD = 5  # format and key id before the box


def opens(box, secret):
    """What the box says to whoever has this X25519 key, or None."""
    public = ctypes.create_string_buffer(32)
    SODIUM.crypto_scalarmult_base(public, secret)
    plain = ctypes.create_string_buffer(max(1, len(box) - 48))
    wrong = SODIUM.crypto_box_seal_open(plain, box, ctypes.c_ulonglong(len(box)), public, secret)
    return None if wrong else plain.raw[:len(box) - 48]


def of_signing_key(seed):
    """The X25519 key that an Ed25519 seed also is."""
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    SODIUM.crypto_sign_seed_keypair(public, secret, seed)
    turned = ctypes.create_string_buffer(32)
    SODIUM.crypto_sign_ed25519_sk_to_curve25519(turned, secret)
    return turned.raw


def decodings(content):
    """The file itself, and whatever its longer words are in base 16, 32 and 64."""
    yield content
    for word in re.findall(rb"[A-Za-z0-9+/_=-]{40,}", content):
        bare = word.rstrip(b"=")
        for decode in (lambda w: base64.urlsafe_b64decode(w + b"=" * (-len(w) % 4)),
                       lambda w: base64.b64decode(w + b"=" * (-len(w) % 4)),
                       lambda w: base64.b32decode(w.upper() + b"=" * (-len(w) % 8)),
                       binascii.unhexlify):
            try:
                yield decode(bare)
            except (ValueError, binascii.Error):
                pass


def keys_in(folder):
    seen = set()
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if not path.is_file():
            continue
        for content in decodings(path.read_bytes()):
            for at in range(len(content) - 31):
                key = content[at:at + 32]
                if key not in seen and len(set(key)) > 8:  # no key is this regular
                    seen.add(key)
                    yield key


def boxes_in(folder):
    database = sqlite3.connect(f"file:{folder}/outbox.db?mode=ro", uri=True)
    rows = [payload for table in ("waiting", "quarantined")
            for (payload,) in database.execute(f"SELECT payload FROM {table}")]
    database.close()
    return [base64.urlsafe_b64decode(row + b"=" * (-len(row) % 4))[HEAD:] for row in rows]


def opened_with_any_key(folder):
    boxes = boxes_in(folder)
    tried = 0
    found = []
    for key in keys_in(folder):
        for secret in (key, of_signing_key(key)):
            tried += 1
            found += [plain for box in boxes if (plain := opens(box, secret)) is not None]
    return boxes, tried, found


class StolenDevice(unittest.TestCase):
    def copy(self, rig, name):
        folder = rig.folder / name
        shutil.copytree(rig.folder / "device", folder)
        return folder

    def test_no_key_on_the_device_opens_what_waits(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            rig.kill_central()
            done = rig.play(VISIT, instrument="quick-nps")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn(TEXT, (done.stdout + done.stderr).lower())
            stolen = self.copy(rig, "stolen")
            for path in stolen.rglob("*"):
                if path.is_file():
                    self.assertNotIn(TEXT.encode(), path.read_bytes().lower(), path)
                    self.assertNotIn(b'"nps"', path.read_bytes(), path)
            boxes, tried, found = opened_with_any_key(stolen)
            self.assertEqual(len(boxes), 1)
            self.assertGreater(tried, 1000)
            self.assertEqual(found, [])
            # The same search with central's key beside it: it can find something.
            shutil.copy(rig.folder / "central.db.key", stolen / "central.key")
            self.assertIn(TEXT, str(opened_with_any_key(stolen)[2]))
            # And the answer arrives as if nothing had happened.
            rig.start_central()
            self.assertEqual(rig.play(SYNCED, instrument="quick-nps").returncode, 0)
            self.assertEqual(rig.report("--min-n", "1")["total"]["n"], 1)
            self.assertNotIn(TEXT, (rig.folder / "central.log").read_text().lower())
            gone = self.copy(rig, "later")
            self.assertEqual(boxes_in(gone), [])

    def test_what_waited_before_enrolment_is_sealed_by_it(self):
        with Rig() as rig:
            unit = ("--unit", "TEST")
            done = rig.play(VISIT, instrument="quick-nps", extra=unit)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("unsealed until", done.stderr)
            self.assertIn(TEXT.encode(), (rig.folder / "device/outbox.db").read_bytes() +
                          (rig.folder / "device/outbox.db-wal").read_bytes()
                          if (rig.folder / "device/outbox.db-wal").exists()
                          else (rig.folder / "device/outbox.db").read_bytes())
            rig.start_central()
            rig.enrol()
            rig.kill_central()
            done = rig.play([{"tap": "start.fi"}], instrument="quick-nps")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("sealed 1 answers", done.stderr)
            for path in (rig.folder / "device").rglob("*"):
                if path.is_file():
                    self.assertNotIn(TEXT.encode(), path.read_bytes(), path)
            rig.start_central()
            self.assertEqual(rig.play(SYNCED, instrument="quick-nps").returncode, 0)
            report = rig.report("--min-n", "1")
            self.assertEqual((report["total"]["n"], report["total"]["nps"]["detractors"]), (1, 1))

    def test_a_central_that_lost_its_key_loses_no_answer(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            rig.kill_central()
            self.assertEqual(rig.play(VISIT, instrument="quick-nps").returncode, 0)
            key = rig.folder / "central.db.key"
            kept = key.read_bytes()
            key.unlink()
            rig.start_central()
            self.assertIn("a new key was made", (rig.folder / "central.log").read_text())
            done = rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")
            self.assertIn("quarantined 1", done.stdout)
            self.assertIn("another key", done.stderr)
            rig.stop_central()
            key.unlink()
            key.touch(mode=0o600)
            key.write_bytes(kept)
            rig.start_central()
            rig.run("kaiku-kiosk", "--requeue", "--data-dir", rig.folder / "device")
            done = rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(rig.report("--min-n", "1")["total"]["n"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
