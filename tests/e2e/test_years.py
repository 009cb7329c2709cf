#!/usr/bin/env python3
"""What years bring, over real TLS: certificates and credentials end while a terminal is away or
central is. Collection goes on, and afterwards everything arrives without anybody's help."""
import json
import sqlite3
import ssl
import subprocess
import time
import unittest
import urllib.request

from rig import BIN, Rig

VISIT = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]
SYNCED = [{"expect": "synced"}]
DAY = 24 * 3600


class Authority:
    """The county's own, with openssl's `ca`, which alone lets a certificate have ended."""

    def __init__(self, folder, name):
        self.folder = folder / name
        (self.folder / "new").mkdir(parents=True)
        (self.folder / "index").touch()
        self.certificate = self.folder / "ca.pem"
        self.key = self.folder / "ca.key"
        (self.folder / "ca.conf").write_text(f"""
[ca]
default_ca = county
[county]
new_certs_dir = {self.folder}/new
database = {self.folder}/index
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = IP:127.0.0.1
""")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", self.key, "-out", self.certificate, "-days", "30",
                     "-subj", f"/CN={name}")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)

    def sign(self, start_days, end_days):
        """Certificate and key of a server, good from then to then as counted from now."""
        stamp = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * DAY))
                 for days in (start_days, end_days)]
        key, request, out = (self.folder / f"{end_days}.{kind}" for kind in ("key", "csr", "pem"))
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", key, "-out", request, "-subj", "/CN=central")
        self.openssl("ca", "-batch", "-notext", "-config", self.folder / "ca.conf", "-cert",
                     self.certificate, "-keyfile", self.key, "-in", request, "-out", out,
                     "-startdate", stamp[0], "-enddate", stamp[1])
        return out, key


class TlsRig(Rig):
    """A central behind TLS, and a terminal that trusts the county's authority."""

    def __init__(self):
        super().__init__()
        self.url = f"https://127.0.0.1:{self.port}"
        self.county = Authority(self.folder, "county")
        (self.folder / "kiosk.toml").write_text(
            f'ca_file = "{self.county.certificate}"\ninstrument = "quick-nps"\n')

    def serve(self, certificate, *more):
        """start_central(), whoever signed the certificate and whether it has ended."""
        with open(self.folder / "central.log", "ab") as log:
            self.server = subprocess.Popen(
                [BIN / "kaiku-central", "serve", "--listen", f"127.0.0.1:{self.port}", "--store",
                 self.store, "--tls-cert", certificate[0], "--tls-key", certificate[1], *more],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        blind = ssl._create_unverified_context()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + "/ready", timeout=2, context=blind):
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError((self.folder / "central.log").read_text())

    def kiosk(self, *arguments):
        return self.run("kaiku-kiosk", "--config", self.folder / "kiosk.toml", "--data-dir",
                        self.folder / "device", *arguments)

    def enrol(self, unit="TEST", device="device"):
        self.central("unit", "add", "--code", unit, "--name-fi", "Koe", "--name-sv", "Prov")
        done = self.kiosk("--enroll", self.central("enroll", "--unit", unit).strip(),
                          "--central", self.url)
        assert done.returncode == 0, done.stderr

    def visit(self, *more):
        done = self.play([*VISIT, *more], instrument="quick-nps",
                         extra=("--config", self.folder / "kiosk.toml"))
        assert done.returncode == 0, done.stderr

    def stored(self):
        return self.report("--min-n", "1")["total"]["n"]

    def credential(self):
        return json.loads((self.folder / "device/device.json").read_text())["credential"]

    def age_credential(self, created_days, ends_days):
        now = int(time.time())
        with sqlite3.connect(self.folder / "central.db") as store:
            store.execute("UPDATE secrets SET created_at = ?, expires_at = ? WHERE kind = 'device'",
                          (now + created_days * DAY, now + ends_days * DAY))
        store.close()


class Years(unittest.TestCase):
    def test_certificate_and_credential_end_while_the_terminal_collects_and_it_sends_later(self):
        with TlsRig() as rig:
            rig.serve(rig.county.sign(-1, 10))
            rig.enrol()
            rig.visit(*SYNCED)
            self.assertEqual(rig.stored(), 1)
            first = rig.credential()
            rig.stop_central()
            rig.age_credential(-400, -310)
            rig.serve(rig.county.sign(-20, -1))
            rig.visit()
            rig.visit()
            done = rig.kiosk("--sync")
            self.assertEqual(done.returncode, 1)
            self.assertIn("waiting 2, sent 1", done.stdout)
            self.assertIn("certificate", done.stderr)
            self.assertEqual(rig.stored(), 1)
            rig.stop_central()
            rig.serve(rig.county.sign(-1, 20))
            done = rig.kiosk("--sync")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(rig.stored(), 3)
            self.assertNotEqual(rig.credential(), first)

    def test_a_credential_is_renewed_after_two_thirds_of_its_life_though_central_was_away_then(self):
        with TlsRig() as rig:
            certificate = rig.county.sign(-1, 10)
            rig.serve(certificate)
            rig.enrol()
            first = rig.credential()
            rig.age_credential(-59, 31)
            rig.visit(*SYNCED)
            self.assertEqual(rig.credential(), first)
            rig.stop_central()
            rig.age_credential(-61, 29)
            rig.visit()
            self.assertEqual(rig.kiosk("--sync").returncode, 1)
            self.assertEqual(rig.credential(), first)
            rig.serve(certificate)
            self.assertEqual(rig.kiosk("--sync").returncode, 0)
            second = rig.credential()
            self.assertNotEqual(second, first)
            rig.visit(*SYNCED)
            self.assertEqual(rig.stored(), 3)
            self.assertEqual(rig.credential(), second)

    def test_a_central_of_another_authority_learns_nothing_and_no_answer_is_lost(self):
        with TlsRig() as rig:
            rig.serve(rig.county.sign(-1, 10))
            rig.enrol()
            rig.stop_central()
            rig.serve(Authority(rig.folder, "stranger").sign(-1, 10))
            rig.visit()
            done = rig.kiosk("--sync")
            self.assertEqual(done.returncode, 1)
            self.assertIn("waiting 1,", done.stdout)
            self.assertEqual(rig.stored(), 0)
            rig.stop_central()
            rig.serve(rig.county.sign(-1, 10))
            self.assertEqual(rig.kiosk("--sync").returncode, 0)
            self.assertEqual(rig.stored(), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
