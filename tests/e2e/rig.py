"""Runs the real programs for the end-to-end tests: central, a terminal, and their files."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

BIN = pathlib.Path(os.environ["KAIKU_BIN_DIR"])
STATEMENTS = ("help", "decided_together", "safe", "understandable", "easy", "own_language")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rig:
    """A folder of its own, one store, at most one running central. Use as a context manager."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kaiku-e2e-"))
        self.store = f"sqlite:{self.folder}/central.db"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server is not None:
            self.kill_central()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program, *arguments, timeout=60):
        """Runs a program to its end; never raises for an exit code."""
        return subprocess.run([BIN / program, *map(str, arguments)], capture_output=True,
                              text=True, timeout=timeout, stdin=subprocess.DEVNULL)

    def central(self, *arguments, timeout=60):
        """One administrative command on this rig's store; raises with its words if it fails."""
        done = self.run("kaiku-central", *arguments, "--store", self.store, timeout=timeout)
        if done.returncode != 0:
            raise AssertionError(f"kaiku-central {arguments[0]}: {done.stderr or done.stdout}")
        return done.stdout

    def start_central(self, *more):
        with open(self.folder / "central.log", "ab") as log:
            self.server = subprocess.Popen(
                [BIN / "kaiku-central", "serve", "--listen", f"127.0.0.1:{self.port}",
                 "--store", self.store, *more], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.server.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.url + "/ready", timeout=2):
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("central did not get ready: " +
                             (self.folder / "central.log").read_text(errors="replace"))

    def kill_central(self):
        """As a power cut would: no chance to tidy up."""
        self.server.kill()
        self.server.wait(10)
        self.server = None

    def stop_central(self):
        """SIGTERM; returns the exit code."""
        self.server.terminate()
        code = self.server.wait(20)
        self.server = None
        return code

    def enrol(self, unit="TEST", device="device"):
        self.central("unit", "add", "--code", unit, "--name-fi", "Koe", "--name-sv", "Prov")
        code = self.central("enroll", "--unit", unit).strip()
        done = self.run("kaiku-kiosk", "--enroll", code, "--central", self.url,
                        "--data-dir", self.folder / device)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return code

    def script(self, lines, name="script.jsonl"):
        path = self.folder / name
        with open(path, "w", encoding="utf-8") as out:
            for line in lines:
                out.write((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n")
        return path

    def kiosk_arguments(self, lines, instrument="national-adult", device="device", extra=(),
                        window="1280x800"):
        return ["--headless", "--window", window, "--data-dir", str(self.folder / device),
                "--instrument", instrument, "--script", str(self.script(lines)), *map(str, extra)]

    def play(self, lines, timeout=60, **options):
        return self.run("kaiku-kiosk", *self.kiosk_arguments(lines, **options), timeout=timeout)

    def report(self, *arguments, **options):
        day = 24 * 3600
        dates = [time.strftime("%Y-%m-%d", time.gmtime(time.time() + shift)) for shift in (-day, day)]
        return json.loads(self.central("report", "--from", dates[0], "--to", dates[1],
                                       "--format", "json", *arguments, **options))


def respondent(language, score, statements, text=""):
    """Script lines of one visit to national-adult. A score or value of None is skipped;
    a value of "cant_say" is what it says."""
    lines = [{"tap": f"start.{language}"}]
    if score is not None:
        lines.append({"tap": f"nps.{score}"})
    lines.append({"tap": "nav.next"})
    for key in STATEMENTS:
        if statements.get(key) is not None:
            lines.append({"tap": f"statement.{key}.{statements[key]}"})
        lines.append({"tap": "nav.next"})
    if text:
        lines += [{"tap": "text.edit"}, {"type": text}]
    return lines + [{"tap": "text.send"}, {"expect": "thanks"}, {"tap": "thanks.done"}]
