"""The programs that bench/central/run.py measures: central, who sends to it, and its peers."""
import contextlib
import json
import os
import pathlib
import re
import select
import socket
import sqlite3
import subprocess
import sys
import threading
import time

UNIT = "BENCH"
GIVE_UP_S = 7200
CONFIG = """[limits]
connections = 4000
requests_per_connection = 1000000
"""
# Random keys without an index: the least that a commit of one row can be.
ONE_ROW = "\\set number random(1, 1000000000)\n" \
          "INSERT INTO one_row VALUES (:number, repeat('x', 200));\n"


def run(*line, environment=None):
    done = subprocess.run([*map(str, line)], capture_output=True, text=True, timeout=GIVE_UP_S,
                          stdin=subprocess.DEVNULL, check=False,
                          env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        sys.exit(f"bench: {line[0]}: exit {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


class Central:
    """A running kaiku-central over a store, with a unit and a token."""

    def __init__(self, programs, folder, store):
        self.programs, self.folder, self.store = programs, folder, store
        folder.mkdir()
        self.data = {"KAIKU_CENTRAL_DATA": str(folder)}
        (folder / "central.toml").write_text(CONFIG)
        self.command("unit", "add", "--code", UNIT, "--name-fi", "Koe", "--name-sv", "Prov")
        (folder / "token").write_text(self.command("token", "create", "--scope", "responses:write"))
        with open(folder / "central.log", "ab") as log:
            self.process = subprocess.Popen(
                [programs / "kaiku-central", "serve", "--listen", "127.0.0.1:0", "--store", store,
                 "--config", folder / "central.toml"], stdout=subprocess.PIPE, stderr=log,
                text=True, stdin=subprocess.DEVNULL, env={**os.environ, **self.data})
        found = re.search(r":(\d+)$", self.process.stdout.readline().strip())
        if not found:
            sys.exit("bench: central did not start: " + (folder / "central.log").read_text())
        self.port = int(found[1])

    def command(self, *arguments):
        return run(self.programs / "kaiku-central", *arguments, "--store", self.store,
                   environment=self.data)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()

    def send(self, connections, seconds, rate=0):
        """What kaiku-sim says of single answers; every one was acknowledged, none unexpectedly."""
        said = json.loads(run(
            self.programs / "kaiku-sim", "--single", "--port", self.port, "--unit", UNIT,
            "--token-file", self.folder / "token", "--connections", connections,
            "--seconds", seconds, "--rate", rate, "--json"))
        if said["put_off"] or said["cut"]:
            print(f"bench: put off {said['put_off']}, connections cut: {said['cut']}", flush=True)
        return said

    def peak_mb(self):
        """The largest memory it had since it started."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.M)[1]) / 1024


@contextlib.contextmanager
def running(programs, folder, store):
    server = Central(programs, folder, store)
    try:
        yield server
    finally:
        server.stop()


class Crowd:
    """Keep-alive connections that said something once and are silent now, and clients that send a
    header line each second and never end their header."""
    IDLE, SLOW = 1000, 200

    def __init__(self, port):
        self.address = ("127.0.0.1", port)
        self.end = threading.Event()
        self.reopened = 0

    def __enter__(self):
        self.idle = [self.ask_once() for _ in range(self.IDLE)]
        self.slow = [self.begin() for _ in range(self.SLOW)]
        self.thread = threading.Thread(target=self.dawdle)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()
        gone = self.readable(self.idle)
        for each in self.idle + self.slow:
            each.close()
        if gone:
            sys.exit(f"bench: central closed {len(gone)} of {self.IDLE} idle connections")

    @staticmethod
    def readable(sockets):
        """Those that were closed by the other side; nothing else is sent to them."""
        poll = select.poll()
        by_number = {each.fileno(): each for each in sockets}
        for number in by_number:
            poll.register(number, select.POLLIN)
        return [by_number[number] for number, _ in poll.poll(0)]

    def ask_once(self):
        made = socket.create_connection(self.address, timeout=30)
        made.sendall(b"GET /health HTTP/1.1\r\nHost: bench\r\n\r\n")
        if not made.recv(4096).startswith(b"HTTP/1.1 200"):
            sys.exit("bench: central is not well")
        return made

    def begin(self):
        made = socket.create_connection(self.address, timeout=30)
        made.sendall(b"POST /v1/responses HTTP/1.1\r\nHost: bench\r\n")
        return made

    def dawdle(self):
        while not self.end.wait(1):
            for place, each in enumerate(self.slow):
                try:
                    each.sendall(b"X-Slow: 1\r\n")
                except OSError:  # central had enough of it
                    each.close()
                    self.slow[place] = self.begin()
                    self.reopened += 1


def pgbench(programs, uri, folder, seconds):
    """Commits of one row a second, 32 clients."""
    script = folder / "one_row.sql"
    script.write_text(ONE_ROW)
    run("psql", "-q", "-c", "DROP TABLE IF EXISTS one_row", "-c",
        "CREATE TABLE one_row (number bigint, body text)", uri)
    said = run(programs / "pgbench", "-n", "-M", "prepared", "-c", 32, "-j", 2, "-T", seconds,
               "-f", script, uri)
    return float(re.search(r"^tps = ([\d.]+)", said, re.M)[1])


def bare_sqlite(folder, seconds):
    """Transactions of one row a second of one connection: in SQLite one writes at a time."""
    place = folder / "bare.db"
    for name in folder.glob("bare.db*"):
        name.unlink()
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE one_row (number INTEGER PRIMARY KEY, body TEXT)")
        body, count, begin = "x" * 200, 0, time.monotonic()
        while (took := time.monotonic() - begin) < seconds:
            db.execute("INSERT INTO one_row (body) VALUES (?)", (body,))
            count += 1
    return count / took
