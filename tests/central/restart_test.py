"""Restarts that no client notices, and where settings and secrets may come from.
Usage: restart_test.py PROGRAM"""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading

from central_fixture import DEADLINE_S, PROGRAM, central, command, response, run

CLIENTS = 6
RESTARTS = 8
ATTEMPTS = 20
UNLIMITED = "[limits]\nrequests_per_connection = 100000\n"


class Handed:
    """A socket that outlives the servers to which it is handed, as systemd holds one."""

    def __init__(self, folder, config=""):
        self.folder = pathlib.Path(folder)
        self.held = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.held.getsockname()[1]
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(self.folder / "notify"))
        self.notified.settimeout(DEADLINE_S)
        self.config = self.folder / "central.toml"
        self.config.write_text(UNLIMITED + config, encoding="utf-8")

    def start(self):
        """Returns when the server has said that it is ready."""
        def hand_over():
            os.dup2(self.held.fileno(), 3)
            os.set_inheritable(3, True)

        # LISTEN_PID names the process that is meant: exec keeps the shell's.
        self.process = subprocess.Popen(
            ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", PROGRAM, "serve",
             "--config", str(self.config), "--store", f"sqlite:{self.folder}/central.db"],
            stdout=subprocess.PIPE, text=True, preexec_fn=hand_over, close_fds=False,
            env={**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"),
                 "KAIKU_CENTRAL_DATA": str(self.folder)})
        line = self.process.stdout.readline()
        assert line == f"kaiku-central listens on http://127.0.0.1:{self.port}\n", line
        assert self.notified.recv(100) == b"READY=1"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=DEADLINE_S)
        self.process.stdout.close()
        assert self.notified.recv(100) == b"STOPPING=1"
        return code


class Client(threading.Thread):
    """Posts one answer after the other; asks again with the same id when a connection was lost."""

    def __init__(self, port, token, over):
        super().__init__()
        self.port, self.token, self.over = port, token, over
        self.acknowledged, self.again, self.refused, self.failed = [], 0, 0, []

    def run(self):
        connection = None
        while not self.over.is_set():
            one = json.dumps(response()).encode()
            for attempt in range(ATTEMPTS):
                try:
                    connection = connection or http.client.HTTPConnection(
                        "127.0.0.1", self.port, timeout=DEADLINE_S)
                    connection.request("POST", "/v1/responses", one, {
                        "Content-Type": "application/json", "Authorization": f"Bearer {self.token}"})
                    status = connection.getresponse()
                    status.read()
                    break
                except (OSError, http.client.HTTPException) as error:
                    self.again += 1
                    self.refused += isinstance(error, ConnectionRefusedError)
                    connection.close()
                    connection = None
            else:
                self.failed.append("gave up")
                continue
            if status.status in (200, 201):
                self.acknowledged.append(json.loads(one)["id"])
            else:
                self.failed.append(status.status)


def enough(clients, count):
    """Waits until each client was thanked so many times more; every client is alive meanwhile."""
    goals = [len(client.acknowledged) + count for client in clients]
    tick = threading.Event()
    for _ in range(DEADLINE_S * 100):
        if all(len(client.acknowledged) >= goal for client, goal in zip(clients, goals)):
            return
        assert not any(client.failed for client in clients), [client.failed for client in clients]
        tick.wait(0.01)
    raise AssertionError("the clients get on too slowly")


def check(clients, stored):
    acknowledged = [each for client in clients for each in client.acknowledged]
    failed = [each for client in clients for each in client.failed]
    assert not failed, failed
    assert len(stored) == len(set(stored)), "stored twice"
    lost = set(acknowledged) - set(stored)
    assert not lost, f"{len(lost)} of {len(acknowledged)} are lost"
    return len(acknowledged)


def restarts_behind_a_held_socket_refuse_nobody():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        store = pathlib.Path(folder) / "central.db"
        command("unit", "add", "--code", "a", "--name-fi", "a", "--name-sv", "a", store=store)
        token = command("token", "create", "--scope", "responses:write", store=store)[1].strip()
        server, over = Handed(folder), threading.Event()
        server.start()
        clients = [Client(server.port, token, over) for _ in range(CLIENTS)]
        try:
            for client in clients:
                client.start()
            for _ in range(RESTARTS):
                enough(clients, 5)
                assert server.stop() == 0
                server.start()
            enough(clients, 5)
        finally:
            over.set()
            for client in clients:
                client.join(DEADLINE_S)
            code = server.stop()
        assert code == 0
        stored = [json.loads(line)["id"] for line in
                  command("export", "--format", "jsonl", store=store)[1].splitlines()]
        count = check(clients, stored)
        assert sum(client.refused for client in clients) == 0
        again = sum(client.again for client in clients)
        # Each restart closes each client's idle connection at most once or twice.
        assert again <= 3 * CLIENTS * RESTARTS, again
        print(f"   {count} answers through {RESTARTS} restarts, {again} asked again, 0 refused")


def two_processes_share_a_port_and_take_turns():
    shared = 'reuse_port = true\n' + UNLIMITED
    with central(shared) as first:
        first.listen = f"127.0.0.1:{first.port}"
        first.add_unit()
        token, over = first.token(), threading.Event()
        with tempfile.TemporaryDirectory(prefix="kaiku-") as other:
            second = type(first)(other, shared, store=first.store, listen=first.listen)
            clients = [Client(first.port, token, over) for _ in range(CLIENTS)]
            try:
                for client in clients:
                    client.start()
                for turn in range(RESTARTS):
                    enough(clients, 3)
                    server = (first, second)[turn % 2]
                    assert server.stop() == 0
                    enough(clients, 3)
                    server.start()
            finally:
                over.set()
                for client in clients:
                    client.join(DEADLINE_S)
                second.stop()
                second.log.close()
        count = check(clients, first.stored_ids())
        again = sum(client.again for client in clients)
        print(f"   {count} answers, {again} asked again")


def without_reuse_port_a_port_is_ones_own():
    with central() as server:
        code, _, err = server.command("serve", "--listen", f"127.0.0.1:{server.port}", check=False)
        assert code == 1 and "cannot listen" in err, err


def what_was_handed_over_must_listen_on_loopback():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        for address, says in (("0.0.0.0", "loopback only"), (None, "no listening socket")):
            handed = socket.create_server((address, 0)) if address else socket.socket()

            def hand_over(handed=handed):
                os.dup2(handed.fileno(), 3)
                os.set_inheritable(3, True)

            done = subprocess.run(
                ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", PROGRAM, "serve",
                 "--store", f"sqlite:{folder}/central.db"], preexec_fn=hand_over, close_fds=False,
                capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            handed.close()
            assert done.returncode == 1 and says in done.stderr, done


def set_by(environment, *arguments, config=None):
    """(exit code, standard error) of a command that reads settings and does nothing else."""
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        line = ["organiser", "list", *arguments]
        if config is not None:
            file = pathlib.Path(folder) / "central.toml"
            file.write_text(config, encoding="utf-8")
            line += ["--config", str(file)]
        code, _, err = command(*line, environment=environment, check=False)
        return code, err


def settings_come_from_the_environment_too():
    with central() as server:
        server.stop()
        store = f"sqlite:{server.store}"
        secret = server.folder / "secret"
        secret.write_text(store + "\n", encoding="utf-8")
        good = [({"KAIKU_CENTRAL_STORE": store}, None),
                ({"KAIKU_CENTRAL_STORE_FILE": str(secret)}, None),
                ({}, f'store_file = "{secret}"\n'),
                # The environment wins over the file; numbers, lists and truth come as they are.
                ({"KAIKU_CENTRAL_STORE": store, "KAIKU_CENTRAL_LIMITS_WORKERS": "3",
                  "KAIKU_CENTRAL_LIMITS_PROXIES": "10.0.0.1,::1", "KAIKU_CENTRAL_REUSE_PORT": "true",
                  "KAIKU_CENTRAL_LOG_FORMAT": "json"}, 'store = "sqlite:/nowhere/x.db"\n')]
        for environment, config in good:
            code, err = set_by(environment, config=config)
            assert code == 0, (environment, err)
        bad = [({"KAIKU_CENTRAL_LIMITS_WORKERS": "many"}, "KAIKU_CENTRAL_LIMITS_WORKERS: must be a whole"),
               ({"KAIKU_CENTRAL_LIMITS_WORKERS": "0"}, "KAIKU_CENTRAL_LIMITS_WORKERS: must be a whole"),
               ({"KAIKU_CENTRAL_REUSE_PORT": "yes"}, "KAIKU_CENTRAL_REUSE_PORT: must be true or"),
               ({"KAIKU_CENTRAL_STORES": "x"}, "KAIKU_CENTRAL_STORES: is not a setting"),
               ({"KAIKU_CENTRAL_STORE_FILE": "/nowhere/x"}, "KAIKU_CENTRAL_STORE_FILE: /nowhere/x"),
               ({"KAIKU_CENTRAL_LISTEN_FILE": str(secret)}, "is not a setting")]
        for environment, says in bad:
            code, err = set_by({"KAIKU_CENTRAL_STORE": store, **environment})
            assert code == 1 and err.count("\n") == 1 and says in err, err


def a_secret_never_reaches_an_error():
    hidden = "postgresql://kaiku:hunter2-hunter2@127.0.0.1:1/kaiku"
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        file = pathlib.Path(folder) / "store"
        for text in (hidden, hidden + "\nmore", "x" * 5000):
            file.write_text(text, encoding="utf-8")
            for environment, config in (({"KAIKU_CENTRAL_STORE_FILE": str(file)}, None),
                                        ({}, f'store_file = "{file}"\n')):
                code, err = set_by(environment, config=config)
                assert code == 1 and re.fullmatch("kaiku-central: .*\n", err), err
                assert "hunter2" not in err and "xxx" not in err, err


run(restarts_behind_a_held_socket_refuse_nobody,
    two_processes_share_a_port_and_take_turns,
    without_reuse_port_a_port_is_ones_own,
    what_was_handed_over_must_listen_on_loopback,
    settings_come_from_the_environment_too,
    a_secret_never_reaches_an_error)
