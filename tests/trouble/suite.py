#!/usr/bin/env python3
"""Real programs under every kind of trouble: what was thanked for arrives exactly once.

    scripts/trouble.sh            everything, and the table in docs/RELIABILITY.md (about 20 minutes)
    scripts/trouble.sh --short    a little of each, for CI; writes nothing
    scripts/trouble.sh disk kill  only troubles with these words in their names
"""
import argparse
import contextlib
import datetime
import os
import pathlib
import platform
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

from proxy import FAULTS
from scene import BIN, Scene

ROOT = pathlib.Path(__file__).resolve().parents[2]
TROUBLES = []


class Skipped(Exception):
    """Why this trouble could not be made here."""


class Row:
    """What became of one trouble."""

    def __init__(self, name):
        self.name, self.times, self.said = name, 0, ""
        self.thanked = self.stored = self.lost = self.twice = 0

    def add(self, scene, times):
        thanked, stored, lost, twice = scene.verdict()
        self.times += times
        self.thanked += thanked
        self.stored += stored
        self.lost += lost
        self.twice += twice

    @property
    def good(self):
        return self.lost == 0 and self.twice == 0 and self.thanked > 0 and self.times > 0


def trouble(name):
    def keep(work):
        TROUBLES.append((name, work))
        return work
    return keep


def check(condition, what):
    if not condition:
        raise AssertionError(what)


@trouble("kill -9 of terminal or central, at random")
def kills(row, short):
    with Scene(seed=1) as scene:
        killed = 0
        while killed < (12 if short else 500):
            kiosk = scene.start_visits(12)
            time.sleep(scene.rng.uniform(0.05, 0.9))
            if scene.rng.random() < 0.5:
                scene.kill_central()
                time.sleep(scene.rng.uniform(0, 0.2))
                scene.start_central()
                killed += 1
                time.sleep(scene.rng.uniform(0, 0.3))
            if kiosk.poll() is None:
                killed += 1
            scene.kill(kiosk)
            if killed % 50 < 2 and not short:
                print(f"    {killed} kills", flush=True)
        scene.drain()
        row.add(scene, killed)


def faulty_way(fault):
    def work(row, short):
        with Scene(seed=FAULTS.index(fault) + 10) as scene:
            # What waits is sent over the bad way again and again; a hanging one costs half a minute.
            rounds = {"half-open": 1 if short else 3}.get(fault, 3 if short else 40)
            for _ in range(rounds):
                scene.proxy.fault = fault
                scene.visits(2)
                scene.run("--sync")
                scene.proxy.fault = None
                if scene.rng.random() < 0.2:
                    scene.drain()
            scene.drain()
            row.add(scene, scene.proxy.done)
    return work


for _fault in FAULTS:
    trouble(f"network: {_fault}")(faulty_way(_fault))


@contextlib.contextmanager
def namespace(name):
    """A network namespace with one cable to this one: 10.213.77.1 here, .2 there."""
    def ip(*words):
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skipped(f"ip {' '.join(words)}: {done.stderr.strip()}")
    ip("netns", "add", name)
    try:
        ip("link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b", "netns", name)
        ip("addr", "add", "10.213.77.1/30", "dev", f"{name}a")
        ip("link", "set", f"{name}a", "up")
        ip("-n", name, "addr", "add", "10.213.77.2/30", "dev", f"{name}b")
        ip("-n", name, "link", "set", f"{name}b", "up")
        ip("-n", name, "link", "set", "lo", "up")
        yield f"{name}a"
    finally:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@trouble("network: cable pulled (network namespaces)")
def partition(row, short):
    if shutil.which("ip") is None or os.geteuid() != 0:
        raise Skipped("needs ip and root")
    name = f"kaiku{os.getpid() % 10000}"
    with namespace(name) as cable, Scene(seed=3, host="10.213.77.1") as scene:
        scene.prefix = ["ip", "netns", "exec", name]
        pulled = 0
        stop = threading.Event()

        def pull():
            nonlocal pulled
            while not stop.is_set():
                for state in ("down", "up"):
                    subprocess.run(["ip", "link", "set", cable, state], check=True)
                    pulled += state == "down"
                    stop.wait(0.4)

        puller = threading.Thread(target=pull)
        puller.start()
        try:
            for _ in range(2 if short else 20):
                scene.visits(8)
        finally:
            stop.set()
            puller.join()
        subprocess.run(["ip", "link", "set", cable, "up"], check=True)
        scene.drain()
        row.add(scene, pulled)


@contextlib.contextmanager
def small_disk(scene, size):
    """The terminal's folder on a disk of this size."""
    kept = scene.folder / "kept"
    scene.device.rename(kept)
    scene.device.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "kaiku", scene.device],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skipped("mount: " + done.stderr.strip())
    try:
        shutil.copytree(kept, scene.device, dirs_exist_ok=True)
        os.chmod(scene.device, 0o700)
        yield scene.device
    finally:
        subprocess.run(["umount", "-l", scene.device], check=False)


@trouble("disk full, then room again")
def disk_full(row, short):
    with Scene(seed=4) as scene, small_disk(scene, "10m") as disk:
        for _ in range(2 if short else 12):
            # From nearly full to wholly full: the terminal must stop to thank, not lose.
            scene.kill_central()
            (disk / "ballast").write_bytes(b"\0" * (scene.rng.choice((0, 700, 1100, 1500)) * 1024))
            scene.visits(3)
            with contextlib.suppress(OSError), open(disk / "ballast", "ab") as ballast:
                while True:
                    ballast.write(b"\0" * 4096)
                    ballast.flush()
            full = scene.visits(1)
            check(full.returncode != 0, "the terminal thanked on a full disk")
            (disk / "ballast").unlink()
            done = scene.visits(2)
            check(done.returncode == 0, "room again, and no thanks: " + done.stderr)
            scene.start_central()
            scene.drain()
        row.add(scene, 2 if short else 12)


@trouble("disk read-only while the terminal runs")
def read_only(row, short):
    with Scene(seed=5) as scene, small_disk(scene, "64m") as disk:
        times = 2 if short else 12
        for _ in range(times):
            scene.visits(2)
            kiosk = scene.start_visits(20)
            time.sleep(scene.rng.uniform(0.2, 0.8))
            # Files open for writing forbid a remount that is not forced: a bind mount has no such wish.
            subprocess.run(["mount", "-o", "remount,ro", disk], check=False, capture_output=True)
            time.sleep(0.3)
            scene.kill(kiosk)
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            check(scene.visits(1).returncode != 0, "the terminal thanked on a read-only disk")
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            scene.drain()
        row.add(scene, times)


@trouble("clock jumps, by years, forwards and back")
def clock(row, short):
    if shutil.which("faketime") is None:
        raise Skipped("faketime is not installed")
    with Scene(seed=6) as scene:
        # The day is wrong; how time passes is the kernel's matter, as on a real device.
        scene.environment = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
        jumps = ("-9y", "+0s", "-3d", "+12y", "-2h", "+400d", "1971-01-01 00:00:00")
        times = 3 if short else 28
        for turn in range(times):
            shift = jumps[turn % len(jumps)]
            scene.prefix = ["faketime", "-f", shift if ":" not in shift else "@" + shift]
            done = scene.visits(3, timeout=60)
            check(done.returncode == 0, f"no answers at {shift}: {done.stderr}")
            scene.prefix = []
        scene.drain()
        row.add(scene, times)


@trouble("captive portal: 200 with a log-in page, then a redirect")
def captive_portal(row, short):
    with Scene(seed=7) as scene:
        times = 3 if short else 30
        for turn in range(times):
            scene.visits(2)
            scene.kill_central()
            portal = Portal(scene, redirects=turn % 2 == 1)
            scene.run("--sync")
            scene.visits(1)
            check(portal.close() > 0, "the terminal never met the portal")
            scene.start_central()
        scene.drain()
        row.add(scene, times)


class Portal:
    """In central's place, with central's certificate, and a page that says "OK"."""

    def __init__(self, scene, redirects):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(scene.certificate, scene.key)
        listener = socket.create_server((scene.host, scene.port))
        self.listener = context.wrap_socket(listener, server_side=True)
        self.redirects, self.met = redirects, 0
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        page = b'<html><body>OK, welcome! {"protocol":1,"receipt":{}}</body></html>'
        while True:
            try:
                client, _ = self.listener.accept()
            except ssl.SSLError:
                continue
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                client.settimeout(5)
                client.recv(65536)
                self.met += 1
                status = b"302 Found\r\nLocation: /login" if self.redirects else b"200 OK"
                client.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\n"
                               b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(page) + page)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(6)
        return self.met


@trouble("200 slow-loris clients and oversized requests against central")
def slow_clients(row, short):
    with Scene(seed=8) as scene:
        trust = ssl.create_default_context(cafile=scene.certificate)
        held = []

        def connect():
            raw = socket.create_connection((scene.host, scene.port), timeout=10)
            return trust.wrap_socket(raw, server_hostname=scene.host)

        count = 40 if short else 200
        for number in range(count):
            with contextlib.suppress(OSError):
                client = connect()
                client.sendall(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * number)
                held.append(client)
        for size in (10_000_000, 100_000_000):
            with contextlib.suppress(OSError):
                client = connect()
                client.sendall(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
                for _ in range(64):
                    client.sendall(b"{" * 65536)
        check(len(held) > count / 2, "too few slow clients came through")
        for _ in range(2 if short else 8):
            done = scene.visits(4, [{"expect": "synced"}])
            check(done.returncode == 0, "slow clients kept the terminal out: " + done.stderr)
            for client in held:
                with contextlib.suppress(OSError):
                    client.sendall(b"b")
        for client in held:
            client.close()
        row.add(scene, count + 2)


def word_of(number, letters="bcdfgjklmnprstv"):
    """As kaiku-fill-outbox writes it."""
    out = ""
    while True:
        out += letters[number % len(letters)]
        number //= len(letters)
        if number == 0:
            return "fyl" + out


@trouble("100,000 answers waiting, then drained")
def waiting(row, short):
    count = 2_000 if short else 100_000
    with Scene(seed=9) as scene:
        done = subprocess.run([BIN / "kaiku-fill-outbox", scene.device, str(count)],
                              capture_output=True, text=True, check=False, timeout=1800)
        check(done.returncode == 0, "filling: " + done.stderr)
        tokens = {word_of(number) for number in range(count)}
        scene.tried |= tokens
        scene.thanked |= tokens  # each was told Saved
        scene.visits(5)
        scene.drain()
        row.add(scene, 1)


def table(rows):
    lines = ["| trouble | times | answers thanked | at central | lost | duplicates |",
             "|---|---:|---:|---:|---:|---:|"]
    for row in rows:
        if row.said:
            lines.append(f"| {row.name} | skipped: {row.said} | | | | |")
        else:
            lines.append(f"| {row.name} | {row.times} | {row.thanked} | {row.stored} | {row.lost} "
                         f"| {row.twice} |")
    tried = [row for row in rows if not row.said]
    lines.append(f"| **all** | {sum(row.times for row in tried)} | "
                 f"{sum(row.thanked for row in tried)} | {sum(row.stored for row in tried)} | "
                 f"**{sum(row.lost for row in tried)}** | **{sum(row.twice for row in tried)}** |")
    return "\n".join(lines)


def write_down(text, took):
    """Between its marks in docs/RELIABILITY.md."""
    path = ROOT / "docs/RELIABILITY.md"
    begin, end = "<!-- trouble: written by scripts/trouble.sh -->", "<!-- end of trouble -->"
    before, rest = path.read_text().split(begin)
    after = rest.split(end)[1]
    where = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    path.write_text(f"{before}{begin}\n\n{datetime.date.today():%d %B %Y}, {where}, "
                    f"{took / 60:.0f} minutes:\n\n{text}\n\n{end}{after}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [(name, work) for name, work in TROUBLES
              if not options.words or any(each in name for each in options.words)]
    rows, failed, began = [], [], time.monotonic()
    for number, (name, work) in enumerate(chosen, start=1):
        print(f"{number} of {len(chosen)}: {name}", flush=True)
        row = Row(name)
        rows.append(row)
        try:
            work(row, options.short)
        except Skipped as why:
            row.said = str(why)
            print(f"    skipped: {why}", flush=True)
            continue
        except (AssertionError, OSError, subprocess.SubprocessError) as wrong:
            failed.append(f"{name}: {wrong}")
            print(f"    FAILED: {wrong}", flush=True)
            continue
        if not row.good:
            failed.append(f"{name}: lost {row.lost}, duplicates {row.twice}, thanked {row.thanked}")
    text = table(rows)
    print("\n" + text)
    if failed:
        print("\n" + "\n".join(f"FAILED {each}" for each in failed))
        return 1
    if not options.short and not options.words:
        write_down(text, time.monotonic() - began)
    return 0


if __name__ == "__main__":
    sys.exit(main())
