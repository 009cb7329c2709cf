"""Real terminal, real central, real TLS, and a way between them that can be made bad.

A scene knows every answer by a word of its own that a visitor types. A picture that the script takes
of the thank-you screen is the witness of each thanks: it survives whatever happens to the terminal.
"""
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from rig import BIN, free_port  # noqa: E402

from proxy import Proxy  # noqa: E402

LETTERS = "bcdfgjklmnprstv"  # words of these are no names and no numbers


def word(rng):
    return "".join(rng.choice(LETTERS) for _ in range(14))


def visit(token, picture):
    return [{"tap": "start.fi"}, {"tap": "nps.8"}, {"tap": "nav.next"}, {"tap": "text.edit"},
            {"type": token}, {"tap": "text.send"}, {"expect": "thanks"}, {"screenshot": picture},
            {"tap": "thanks.done"}]


class Scene:
    """Use as a context manager. `folder` may be given for the device, e.g. a small disk."""

    def __init__(self, seed, host="127.0.0.1"):
        self.rng = random.Random(seed)
        self.host = host
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kaiku-trouble-"))
        self.device = self.folder / "device"
        self.pictures = self.folder / "pictures"
        self.store = f"sqlite:{self.folder}/central.db"
        self.port = free_port()
        self.server = None
        self.tried, self.thanked = set(), set()
        self.proxy = Proxy(self.host, self.port, seed)
        self.url = f"https://{self.host}:{self.proxy.port}"
        self.prefix = []       # what the terminal is run by: faketime, ip netns exec …
        self.environment = {}

    def __enter__(self):
        self.certificate, self.key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj", "/CN=kaiku",
                        "-addext", f"subjectAltName=IP:{self.host}", "-keyout", self.key,
                        "-out", self.certificate], check=True, capture_output=True)
        self.proxy.start()
        self.start_central()
        self.config = self.folder / "kiosk.toml"
        self.config.write_text(f'ca_file = "{self.certificate}"\n')
        self.central("unit", "add", "--code", "K1", "--name-fi", "Koe", "--name-sv", "Prov")
        self.enrol()
        return self

    def __exit__(self, *_):
        if self.server is not None:
            self.kill_central()
        self.proxy.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Central.

    def central(self, *arguments):
        return subprocess.run([BIN / "kaiku-central", *map(str, arguments), "--store", self.store],
                              check=True, capture_output=True, text=True, timeout=120).stdout

    def start_central(self, *more):
        with open(self.folder / "central.log", "ab") as log:
            self.server = subprocess.Popen(
                [BIN / "kaiku-central", "serve", "--listen", f"{self.host}:{self.port}",
                 "--store", self.store, "--tls-cert", self.certificate, "--tls-key", self.key,
                 *more], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.wait_for_central()

    def wait_for_central(self):
        trust = ssl.create_default_context(cafile=self.certificate)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.server.poll() is None:
            try:
                with urllib.request.urlopen(f"https://{self.host}:{self.port}/ready", timeout=2,
                                            context=trust):
                    return
            except OSError:
                time.sleep(0.01)
        raise AssertionError("central did not get ready: " + self.log("central"))

    def kill_central(self):
        self.server.kill()
        self.server.wait(10)
        self.server = None

    def log(self, who):
        path = self.folder / f"{who}.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    # The terminal.

    def kiosk(self, *arguments):
        return [*self.prefix, str(BIN / "kaiku-kiosk"), "--config", str(self.config), "--data-dir",
                str(self.device), *map(str, arguments)]

    def run(self, *arguments, timeout=300):
        return subprocess.run(self.kiosk(*arguments), capture_output=True, text=True,
                              timeout=timeout, stdin=subprocess.DEVNULL,
                              env=os.environ | self.environment, check=False)

    def enrol(self):
        code = self.central("enroll", "--unit", "K1").strip()
        done = self.run("--enroll", code, "--central", self.url)
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def script(self, count, more=()):
        tokens = [word(self.rng) for _ in range(count)]
        self.tried.update(tokens)
        lines = [line for token in tokens for line in visit(token, f"{token}.png")]
        path = self.folder / "script.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in [*lines, *more]))
        return ["--headless", "--window", "800x480", "--instrument", "quick-nps", "--script", path,
                "--screenshots", self.pictures]

    def note_thanked(self):
        if self.pictures.is_dir():
            for picture in self.pictures.iterdir():
                self.thanked.add(picture.stem)
                picture.unlink()

    def visits(self, count, more=(), **options):
        """Plays visits to their end, or to where the terminal cannot go on."""
        done = self.run(*self.script(count, more), **options)
        self.note_thanked()
        return done

    def start_visits(self, count):
        with open(self.folder / "kiosk.log", "wb") as log:
            return subprocess.Popen(self.kiosk(*self.script(count)), stdout=log, stderr=log,
                                    stdin=subprocess.DEVNULL, env=os.environ | self.environment)

    def kill(self, process):
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        self.note_thanked()

    def drain(self, attempts=40):
        """Sends until nothing waits; the way must be good by then."""
        for _ in range(attempts):
            done = self.run("--sync")
            if done.returncode == 0:
                return
        raise AssertionError("what waits was not sent: " + done.stdout + done.stderr)

    def verdict(self):
        """Thanked, at central, lost, duplicated; raises for an answer from nowhere."""
        rows = self.central("export", "--format", "jsonl").splitlines()
        texts = collections.Counter(json.loads(row)["answers"]["text"] for row in rows)
        strange = set(texts) - self.tried
        if strange:
            raise AssertionError(f"answers that nobody gave: {sorted(strange)[:3]}")
        lost = [token for token in self.thanked if token not in texts]
        twice = sum(count - 1 for count in texts.values())
        return len(self.thanked), sum(texts.values()), len(lost), twice
