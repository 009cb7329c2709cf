#!/usr/bin/env python3
"""The private key in a process of its own: serve never has it, and its absence loses nothing."""
import contextlib
import os
import pathlib
import stat
import subprocess
import unittest
import urllib.request

from rig import BIN, Rig

VISIT = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]
SYNCED = [{"expect": "synced"}]


class KeyholderTest(unittest.TestCase):
    @contextlib.contextmanager
    def keyholder(self, rig):
        """A folder with key and socket that serve is not told the former of."""
        folder = rig.folder / "holder"
        folder.mkdir(mode=0o700, exist_ok=True)
        process = subprocess.Popen(
            [BIN / "kaiku-central", "keyholder", "--key-socket", folder / "keys.sock",
             "--store", f"sqlite:{folder}/keys"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, stdin=subprocess.DEVNULL)
        try:
            line = process.stdout.readline()
            self.assertEqual(line, f"kaiku-central keyholder listens at {folder}/keys.sock\n")
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=20)

    def visit(self, rig, *more):
        done = rig.play([*VISIT, *more], instrument="quick-nps")
        self.assertEqual(done.returncode, 0, done.stderr)

    def sync(self, rig):
        return rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")

    def stored(self, rig):
        return rig.report("--min-n", "1")["total"]["n"]

    def serve(self, rig):
        rig.start_central("--key-socket", rig.folder / "holder/keys.sock")

    def test_serve_stores_what_the_keyholder_opens_and_has_no_key_of_its_own(self):
        with Rig() as rig:
            with self.keyholder(rig) as process:
                self.serve(rig)
                rig.enrol()
                self.visit(rig, *SYNCED)
                self.assertEqual(self.stored(rig), 1)
                self.assertFalse((rig.folder / "central.db.key").exists())
                self.assertTrue((rig.folder / "holder/keys.key").exists())
                mode = (rig.folder / "holder/keys.sock").stat().st_mode
                self.assertEqual((stat.S_ISSOCK(mode), stat.S_IMODE(mode)), (True, 0o600))
                proc = pathlib.Path(f"/proc/{process.pid}")
                core = [line for line in (proc / "limits").read_text().splitlines()
                        if line.startswith("Max core")]
                self.assertEqual(core[0].split()[4:6], ["0", "0"])
                self.assertIn("NoNewPrivs:\t1", (proc / "status").read_text())
                if os.geteuid() != 0:
                    # Nobody else of its user may look into it.
                    with self.assertRaises(PermissionError):
                        (proc / "environ").read_bytes()
                process.terminate()
                self.assertEqual(process.wait(20), 0)
            self.assertFalse((rig.folder / "holder/keys.sock").exists())

    def test_without_the_keyholder_answers_wait_on_the_terminal(self):
        with Rig() as rig:
            with self.keyholder(rig):
                self.serve(rig)
                rig.enrol()
                self.visit(rig, *SYNCED)
            self.visit(rig)
            done = self.sync(rig)
            self.assertEqual(done.returncode, 1)
            self.assertIn("waiting 1, sent 1, quarantined 0", done.stdout)
            self.assertIn("no keyholder answers", (rig.folder / "central.log").read_text())
            # Back with a new key, and serve needs no restart.
            rotated = rig.run("kaiku-central", "key", "rotate",
                              "--store", f"sqlite:{rig.folder}/holder/keys")
            self.assertEqual(rotated.returncode, 0, rotated.stderr)
            with self.keyholder(rig):
                self.assertEqual(self.sync(rig).returncode, 0)
                self.visit(rig, *SYNCED)
            self.assertEqual(self.stored(rig), 3)

    @unittest.skipUnless(os.geteuid() == 0, "only root may run two users' processes")
    def test_serve_under_another_user_is_answered_and_cannot_read_the_key(self):
        nobody = 65534
        with Rig() as rig:
            rig.folder.chmod(0o711)
            folder = rig.folder / "shared"
            folder.mkdir(mode=0o711)
            stores = rig.folder / "stores"
            stores.mkdir()
            os.chown(stores, nobody, nobody)
            config = rig.folder / "central.toml"
            config.write_text(f'store = "sqlite:{stores}/central.db"\n'
                              f'[web]\nkey = "{folder}/sealing.key"\n[keyholder]\n'
                              f'socket = "{folder}/keys.sock"\nuid = 0\nserve_uid = {nobody}\n')
            config.chmod(0o644)
            holder = subprocess.Popen(
                [BIN / "kaiku-central", "keyholder", "--config", config], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
            serve = None
            try:
                self.assertIn("listens at", holder.stdout.readline())
                self.assertEqual((folder / "keys.sock").stat().st_uid, nobody)
                # Root is not the one whom this keyholder answers.
                root = rig.run("kaiku-central", "serve", "--config", config,
                               "--store", rig.store)
                self.assertEqual(root.returncode, 1)
                program = rig.folder / "kaiku-central"
                program.write_bytes((BIN / "kaiku-central").read_bytes())
                program.chmod(0o755)
                serve = subprocess.Popen(
                    [program, "serve", "--config", config, "--listen", "127.0.0.1:0"], text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                    user=nobody, group=nobody, extra_groups=[])
                line = serve.stdout.readline()
                self.assertIn("listens on", line, serve.stderr.read() if not line else "")
                port = int(line.rsplit(":", 1)[1])
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=30) as ready:
                    self.assertEqual(ready.status, 200)
                own = subprocess.run([program, "key", "list", "--config", config], text=True,
                                     capture_output=True, user=nobody, timeout=30)
                self.assertEqual(own.returncode, 1)
                self.assertIn("Permission denied", own.stderr)
            finally:
                for process in filter(None, (serve, holder)):
                    process.terminate()
                    process.communicate(timeout=20)

    def test_what_is_wrong_is_told_before_anything_starts(self):
        with Rig() as rig:
            arguments = ("--store", rig.store, "--listen", "127.0.0.1:0", "--key-socket")
            done = rig.run("kaiku-central", "serve", *arguments, rig.folder / "nobody.sock")
            self.assertEqual(done.returncode, 1)
            self.assertIn("start kaiku-central keyholder first", done.stderr)
            done = rig.run("kaiku-central", "keyholder", "--store", rig.store)
            self.assertIn("give --key-socket", done.stderr)
            with self.keyholder(rig):
                socket = rig.folder / "holder/keys.sock"
                done = rig.run("kaiku-central", "keyholder", "--store", rig.store,
                               "--key-socket", socket)
                self.assertEqual(done.returncode, 1)
                self.assertIn("another keyholder listens there", done.stderr)
                config = rig.folder / "central.toml"
                config.write_text(f"[keyholder]\nsocket = \"{socket}\"\nuid = 4242\n")
                done = rig.run("kaiku-central", "serve", "--store", rig.store, "--config", config)
                self.assertEqual(done.returncode, 1)
                self.assertIn("not 4242", done.stderr)
            key = rig.folder / "holder/keys.key"
            key.chmod(0o640)
            done = rig.run("kaiku-central", "keyholder", "--key-socket", rig.folder / "s",
                           "--store", f"sqlite:{rig.folder}/holder/keys")
            self.assertEqual(done.returncode, 1)
            self.assertIn("chmod 600", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
