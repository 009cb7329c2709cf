"""Runs the real kaiku-central for a test: its own folder, a free port, and plain HTTP to it."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import uuid

PROGRAM = sys.argv[1]
DEADLINE_S = 60


def store_address(store):
    """What --store takes: a file is SQLite's, and an address stands for itself."""
    return store if str(store).startswith("postgresql:") else f"sqlite:{store}"


def command(*arguments, store=None, environment=None, check=True):
    """Runs one command to its end; returns (exit code, stdout, stderr)."""
    line = [PROGRAM, *arguments]
    if store is not None:
        line += ["--store", store_address(store)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=DEADLINE_S,
                          env={**os.environ, **(environment or {})}, check=False)
    if check and done.returncode != 0:
        raise AssertionError(f"{line}: exit {done.returncode}: {done.stderr}")
    return done.returncode, done.stdout, done.stderr


def response(**changes):
    """A response that central accepts, with changes."""
    made = {"id": str(uuid.uuid4()), "instrument": "quick-nps", "version": 1, "unit": "a",
            "channel": "kiosk", "language": "fi", "respondent": "adult", "assisted": False,
            "answered_at": "2026-11-20T10:00:00Z",
            "answers": {"nps": 9, "statements": {"help": 5}, "text": "Kiitos!"}}
    made.update(changes)
    return made


def batch(*responses):
    return {"protocol": 1, "responses": [{"id": one["id"], "response": one} for one in responses]}


class Central:
    """One running server over a store."""

    def __init__(self, folder, config="", preexec=None, store=None, listen="127.0.0.1:0"):
        self.folder = pathlib.Path(folder)
        self.store = store or self.folder / "central.db"
        self.config = self.folder / "central.toml"
        self.config.write_text(config, encoding="utf-8")
        self.preexec, self.listen = preexec, listen
        self.log = (self.folder / "central.log").open("ab")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", self.listen, "--store",
             store_address(self.store), "--config", str(self.config)],
            stdout=subprocess.PIPE, stderr=self.log, text=True, preexec_fn=self.preexec,
            env={**os.environ, "KAIKU_CENTRAL_DATA": str(self.folder)})
        line = self.process.stdout.readline()
        found = re.fullmatch(r"kaiku-central listens on https?://127\.0\.0\.1:(\d+)\n", line)
        assert found, f"unexpected first line: {line!r}; {self.log_text()}"
        self.port = int(found[1])

    def log_text(self):
        return (self.folder / "central.log").read_text(encoding="utf-8", errors="replace")

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=DEADLINE_S)
        self.process.stdout.close()
        return code

    def command(self, *arguments, **options):
        return command(*arguments, store=self.store, **options)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)

    def request(self, method, path, body=None, bearer=None, headers=None, connection=None):
        """One request; returns (status, headers, body bytes). A dict body is sent as JSON."""
        used = connection or self.connect()
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        sent.update(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        used.request(method, path, body, sent)
        answer = used.getresponse()
        content = answer.read()
        if connection is None:
            used.close()
        return answer.status, dict(answer.getheaders()), content

    def add_unit(self, code="a", parent=None):
        more = ["--parent", parent] if parent else []
        self.command("unit", "add", "--code", code, "--name-fi", f"Yksikkö {code}", "--name-sv",
                     f"Enhet {code}", *more)

    def token(self):
        return self.command("token", "create", "--scope", "responses:write")[1].strip()

    def enrolment_code(self, unit="a"):
        return self.command("enroll", "--unit", unit)[1].strip()

    def device(self, unit="a"):
        """A device's credential."""
        status, _, body = self.request("POST", "/v1/enroll",
                                       {"protocol": 1, "code": self.enrolment_code(unit)})
        assert status == 200, body
        return json.loads(body)["device"]["credential"]

    def stored_ids(self):
        """Ids in the store, read by the export command."""
        out = self.command("export", "--format", "jsonl")[1]
        return [json.loads(line)["id"] for line in out.splitlines()]


@contextlib.contextmanager
def central(config="", preexec=None, store=None):
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        server = Central(folder, config, preexec, store)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait(timeout=DEADLINE_S)
            server.log.close()


def run(*tests):
    """Runs test functions in order; the first failure ends the program with its traceback."""
    for test in tests:
        test()
        print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
