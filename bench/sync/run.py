#!/usr/bin/env python3
"""100,000 waiting answers: the thanks before them, the way to central, and the terminal's memory.

Called by scripts/bench.sh sync. Real programs: kaiku-kiosk, kaiku-central on SQLite, and TLS with
an ECDSA P-256 certificate over loopback. Every round begins with the same enrolled terminal, the
same full outbox and the same empty store, copied anew.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import results  # noqa: E402
from foremost import Foremost  # noqa: E402

UNIT = "BENCH"
OPEN_S = 1.0         # core seconds of each measurement of crypto_box_seal_open
THANKS = 200         # visitors of each round, at both terminals
SETTLE_S = 3
SAMPLE_S = 0.05
GIVE_UP_S = 600
THANKS_LIMIT, DRAIN_LIMIT, MEMORY_LIMIT_MB = 1.2, 0.5, 8.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    def __init__(self, programs, folder, waiting):
        self.programs, self.folder, self.waiting = programs, folder, waiting
        self.device, self.store = folder / "device", folder / "central"
        self.certificate, self.key = folder / "cert.pem", folder / "key.pem"
        self.config = folder / "kiosk.toml"
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.server = None

    # The two programs.

    def central(self, *arguments):
        return self.run("kaiku-central", *arguments, "--store", f"sqlite:{self.store}/central.db")

    def run(self, program, *arguments):
        done = subprocess.run([self.programs / program, *map(str, arguments)], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=GIVE_UP_S, check=False)
        if done.returncode != 0:
            sys.exit(f"bench: {program} {arguments[0]}: {done.stderr or done.stdout}")
        return done.stdout

    def start_central(self):
        with open(self.folder / "central.log", "ab") as log:
            self.server = subprocess.Popen(
                [self.programs / "kaiku-central", "serve", "--listen", f"127.0.0.1:{self.port}",
                 "--store", f"sqlite:{self.store}/central.db", "--tls-cert", self.certificate,
                 "--tls-key", self.key], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while self.stored() is None:
            if time.monotonic() > deadline or self.server.poll() is not None:
                sys.exit("bench: central did not start: " + (self.folder / "central.log").read_text())
            time.sleep(0.02)

    def stop_central(self):
        if self.server is not None:
            self.server.terminate()
            self.server.wait(30)
            self.server = None

    def stored(self):
        """How many answers central has taken since it started; None while it is not there."""
        try:
            trust = ssl.create_default_context(cafile=self.certificate)
            with urllib.request.urlopen(self.url + "/metrics", timeout=5, context=trust) as reply:
                text = reply.read().decode()
        except OSError:
            return None
        return sum(int(float(count)) for count in
                   re.findall(r"^kaiku_responses_stored_total(?:{.*})? (\S+)$", text, re.M))

    def terminal(self, *arguments):
        return ["kaiku-kiosk", "--config", self.config, "--data-dir", self.device, *arguments]

    # What every round begins with.

    def prepare(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=kaiku",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.key,
                        "-out", self.certificate], check=True, capture_output=True)
        self.config.write_text(f'ca_file = "{self.certificate}"\n')
        self.store.mkdir()
        self.central("unit", "add", "--code", UNIT, "--name-fi", "Koe", "--name-sv", "Prov")
        self.start_central()
        code = self.central("enroll", "--unit", UNIT).strip()
        self.run(*self.terminal("--enroll", code, "--central", self.url))
        self.stop_central()
        shutil.move(self.device, self.folder / "empty")
        shutil.move(self.store, self.folder / "fresh")
        # Filled in memory, where a flush costs nothing: the filling is not what is measured.
        fast = pathlib.Path("/dev/shm")
        with tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as place:
            shutil.copytree(self.folder / "empty", f"{place}/full")
            self.run("kaiku-sync-bench", "fill", f"{place}/full", UNIT, self.waiting)
            shutil.copytree(f"{place}/full", self.folder / "full")
        with sqlite3.connect(self.folder / "full/outbox.db") as outbox:
            waiting, letters = outbox.execute(
                "SELECT count(*), max(length(payload)) FROM waiting").fetchone()
        if waiting != self.waiting:
            sys.exit(f"bench: {waiting} answers wait instead of {self.waiting}")
        self.sealed_bytes = letters * 3 // 4
        # Without the format and the key's name before the box (sync/sealing.cpp).
        self.box_bytes = self.sealed_bytes - 9

    def restore(self, device):
        for folder, original in ((self.device, device), (self.store, "fresh")):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.folder / original, folder)
        os.sync()

    # What is measured.

    def open_rate(self):
        return float(self.run("kaiku-sync-bench", "open", self.box_bytes, OPEN_S))

    def thanks(self):
        shutil.rmtree(self.folder / "other", ignore_errors=True)
        shutil.copytree(self.folder / "empty", self.folder / "other")
        self.restore("full")
        taken = json.loads(self.run("kaiku-sync-bench", "thanks", self.folder / "other", self.device,
                                    UNIT, THANKS))
        return {name: statistics.median(values) for name, values in taken.items()}

    def drain(self):
        """Answers a second of kaiku-kiosk --sync, from its start to its end."""
        self.restore("full")
        self.start_central()
        before = self.open_rate()
        began = time.monotonic()
        said = self.run(*self.terminal("--sync"))
        took = time.monotonic() - began
        stored = self.stored()
        after = self.open_rate()
        self.stop_central()
        if not said.startswith("waiting 0,") or stored != self.waiting:
            sys.exit(f"bench: central has {stored} of {self.waiting} answers; the terminal: {said}")
        return {"drained_per_s": self.waiting / took, "opened_per_s": (before + after) / 2}

    def memory(self):
        """The terminal itself, drawing its screens, before central is there and while it drains."""
        self.restore("full")
        with open(self.folder / "kiosk.log", "wb") as log:
            terminal = subprocess.Popen(
                [self.programs / "kaiku-kiosk", *self.terminal("--headless")[1:]], stdout=log,
                stderr=log, stdin=subprocess.DEVNULL)
        try:
            time.sleep(SETTLE_S)
            before = memory_kb(terminal.pid)
            pathlib.Path(f"/proc/{terminal.pid}/clear_refs").write_text("5")  # a new peak begins
            self.start_central()
            peak_pss = before["Pss"]
            deadline = time.monotonic() + GIVE_UP_S
            asked = time.monotonic()
            while True:
                peak_pss = max(peak_pss, memory_kb(terminal.pid)["Pss"])
                if time.monotonic() - asked > 0.5:
                    asked = time.monotonic()
                    if self.stored() == self.waiting:
                        break
                if terminal.poll() is not None or asked > deadline:
                    sys.exit("bench: the terminal did not drain: "
                             + (self.folder / "kiosk.log").read_text())
                time.sleep(SAMPLE_S)
            peak_rss = memory_kb(terminal.pid)["VmHWM"]
        finally:
            terminal.terminate()
            terminal.wait(30)
            self.stop_central()
        return {"before_mb": before["Pss"] / 1024, "pss_mb": (peak_pss - before["Pss"]) / 1024,
                "rss_mb": (peak_rss - before["Rss"]) / 1024}


def memory_kb(pid):
    text = (pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            + pathlib.Path(f"/proc/{pid}/status").read_text())
    found = dict(re.findall(r"^(Rss|Pss|VmHWM):\s+(\d+) kB$", text, re.M))
    return {name: int(kb) for name, kb in found.items()}


def table(rounds, bench):
    def median(key):
        return statistics.median(each[key] for each in rounds)
    thanks = statistics.median(each["full_ms"] / each["empty_ms"] for each in rounds)
    drain = statistics.median(each["drained_per_s"] / each["opened_per_s"] for each in rounds)
    growth = max(median("rss_mb"), median("pss_mb"))
    waits = f"{bench.waiting:,} answers waiting"
    return [
        (f"Send to thanks, {waits}", f"{median('full_ms'):.3f} ms",
         f"{median('empty_ms'):.3f} ms (an empty outbox)", f"{thanks:.2f} times",
         f"at most {THANKS_LIMIT} times", thanks <= THANKS_LIMIT),
        (f"{waits}, drained by `kaiku-kiosk --sync`", f"{median('drained_per_s'):,.0f} a second",
         f"{median('opened_per_s'):,.0f} a second (`crypto_box_seal_open`, one core)",
         f"{drain:.2f} of it", f"at least {DRAIN_LIMIT}", drain >= DRAIN_LIMIT),
        ("the terminal's memory while it drains, above before", f"{growth:.1f} MB",
         f"{median('before_mb'):.1f} MB before", f"PSS {median('pss_mb'):.1f} MB, peak RSS "
         f"{median('rss_mb'):.1f} MB more", f"below {MEMORY_LIMIT_MB:.0f} MB",
         growth < MEMORY_LIMIT_MB),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--waiting", type=int, default=100_000)
    given = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kaiku-bench-"))
    bench = Bench(given.bin.resolve(), folder, given.waiting)
    rounds = []
    try:
        with Foremost() as foremost:
            bench.prepare()
            for number in range(given.runs):
                rounds.append(bench.thanks() | bench.drain() | bench.memory())
                said = ", ".join(f"{name} {value:.4g}" for name, value in rounds[-1].items())
                print(f"round {number + 1} of {given.runs}: {said}", flush=True)
    finally:
        bench.stop_central()
        shutil.rmtree(folder, ignore_errors=True)
    rows = table(rounds, bench)
    lines = results.section(
        "A terminal with 100,000 waiting answers",
        [f"Real programs over loopback TLS (ECDSA P-256), central on SQLite; {bench.sealed_bytes} "
         "bytes a sealed answer",
         f"{given.runs} rounds in turns; medians, and the ratios are medians of each round's own",
         f"Ran {foremost.said}; load of the machine over the last 15 minutes, this included: "
         f"{os.getloadavg()[2]:.1f}"],
        rows, ["How each is measured stands in `bench/sync/run.py` and `sync_bench.cpp`."])
    print("\n".join(lines))
    if given.waiting == 100_000:
        results.write(given.out, "sync", lines)
    return 0 if all(row[-1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
