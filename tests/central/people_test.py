"""People, their passwords, and the log of who read and changed what. Usage: people_test.py PROGRAM"""
import hashlib
import json
import os
import pathlib
import pty
import select
import sqlite3
import subprocess
import tempfile

from central_fixture import DEADLINE_S, PROGRAM, batch, central, command, response, run

PASSWORD = "korppi lamppu vene"


def person(store, *arguments, password=PASSWORD):
    """`kaiku-central person …` with a password on standard input; (exit code, stdout, stderr)."""
    done = subprocess.run([PROGRAM, "person", *arguments, "--store", f"sqlite:{store}"],
                          input=password + "\n", capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)
    assert PASSWORD not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def add(store, name, role="admin", *more, password=PASSWORD):
    return person(store, "add", "--name", name, "--role", role, "--password-file", "-", *more,
                  password=password)


def people_of(store):
    return {one["name"]: one for one in
            json.loads(command("person", "list", "--format", "json", store=store)[1])}


def log_of(store):
    return [json.loads(line) for line in command("audit", "list", store=store)[1].splitlines()]


def people_come_change_and_go():
    with tempfile.TemporaryDirectory(prefix="kaiku-people-") as folder:
        store = pathlib.Path(folder) / "central.db"
        assert add(store, "anna") == (0, "", "")
        command("unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A", store=store)
        file = pathlib.Path(folder) / "password"
        file.write_text(PASSWORD + "\n", encoding="utf-8")
        command("person", "add", "--name", "olli", "--role", "viewer", "--unit", "a",
                "--password-file", str(file), store=store)
        assert people_of(store)["olli"]["roles"] == [{"role": "viewer", "unit": "a"}]
        command("person", "role", "--name", "olli", "--role", "reader", "--unit", "a", store=store)
        command("person", "role", "--name", "olli", "--role", "viewer", "--unit", "a", "--remove",
                store=store)
        assert people_of(store)["olli"]["roles"] == [{"role": "reader", "unit": "a"}]
        command("person", "disable", "--name", "anna", store=store)
        out = command("person", "list", store=store)[1]
        assert out == "anna  disabled  admin@*\nolli  enabled  reader@a\n", out
        command("person", "disable", "--name", "anna", "--undo", store=store)
        assert not people_of(store)["anna"]["disabled"]
        with sqlite3.connect(store) as rows:
            before = rows.execute("SELECT password_hash FROM people ORDER BY name").fetchall()
        assert person(store, "reset", "--name", "anna", "--password-file", "-")[0] == 0
        with sqlite3.connect(store) as rows:
            after = rows.execute("SELECT password_hash FROM people ORDER BY name").fetchall()
        assert before[0] != after[0] and before[1] == after[1]
        assert all(one[0].startswith("$argon2id$v=19$m=65536,t=3,") for one in after), after


def what_is_wrong_is_said_and_nothing_changes():
    with tempfile.TemporaryDirectory(prefix="kaiku-people-") as folder:
        store = pathlib.Path(folder) / "central.db"
        assert add(store, "anna")[0] == 0
        for arguments, secret, told in [
                (("anna", "admin"), PASSWORD, "exists already"),
                (("Eva", "admin"), PASSWORD, "--name"),
                (("eva", "king"), PASSWORD, "--role"),
                (("eva", "viewer", "--unit", "none"), PASSWORD, "does not exist"),
                (("eva", "viewer"), "too short", "15 characters"),
                (("eva", "viewer"), "Salasana1234567!", "strangers try")]:
            code, out, err = add(store, *arguments, password=secret)
            assert code == 1 and out == "" and told in err and err.count("\n") == 1, err
            assert secret not in err
        code, _, err = person(store, "add", "--name", "eva", "--role", "viewer")
        assert code == 1 and "--password-file" in err, err  # nobody is at a terminal
        assert list(people_of(store)) == ["anna"]
        assert len(log_of(store)) == 1


def typed_at_a_terminal(store, name, first, second):
    """Types a password twice when asked; returns (exit code, what the terminal showed)."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(PROGRAM, [PROGRAM, "person", "add", "--name", name, "--role", "viewer", "--store",
                           f"sqlite:{store}"])
    shown, answers = b"", [(b"or more: ", first), (b"again: ", second)]
    while select.select([terminal], [], [], DEADLINE_S)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
        if answers and shown.endswith(answers[0][0]):
            os.write(terminal, answers.pop(0)[1].encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown.decode()


def a_terminal_is_asked_twice_and_shows_nothing():
    with tempfile.TemporaryDirectory(prefix="kaiku-people-") as folder:
        store = pathlib.Path(folder) / "central.db"
        code, shown = typed_at_a_terminal(store, "anna", PASSWORD, PASSWORD)
        assert code == 0 and "korppi" not in shown, shown
        code, shown = typed_at_a_terminal(store, "olli", PASSWORD, PASSWORD + "!")
        assert code == 1 and "the two differ" in shown and "korppi" not in shown, shown
        assert list(people_of(store)) == ["anna"]


def every_reading_of_texts_is_logged_without_them():
    with central() as server:
        server.add_unit()
        sent = server.request("POST", "/v1/batches", batch(response()), server.device())
        assert sent[0] == 200, sent
        before = len(log_of(server.store))
        assert "Kiitos!" in server.command("export", "--format", "jsonl", "--unit", "a")[1]
        assert "Kiitos!" in server.command("export", "--format", "csv")[1]
        new = log_of(server.store)[before:]
        assert [(one["what"], one["object"]) for one in new] == \
            [("read texts", "unit a"), ("read texts", "everything")], new
        assert all(one["who"].startswith("shell ") and one["from"] == "kaiku-central export"
                   for one in new), new
        assert "Kiitos" not in json.dumps(new)


def who_is_not_recorded_reads_nothing():
    with central() as server:
        server.add_unit()
        server.request("POST", "/v1/batches", batch(response()), server.device())
        with sqlite3.connect(server.store) as rows:
            rows.execute("DROP TABLE audit")
        code, out, err = server.command("export", "--format", "jsonl", check=False)
        assert code == 1 and out == "" and "audit" in err, (out, err)


def every_change_is_logged():
    with central() as server:
        server.add_unit()
        token = server.token()
        code = server.enrolment_code()
        server.command("enroll", "--unit", "none", check=False)
        log = log_of(server.store)
        named = hashlib.sha256(token.encode()).hexdigest()[:16]
        assert [(one["what"], one["object"]) for one in log] == \
            [("unit add", "a"), ("token create", f"{named} responses:write"),
             ("enroll", "a")], log
        assert token not in json.dumps(log) and code not in json.dumps(log)


def a_log_that_was_tampered_with_is_found_out():
    with tempfile.TemporaryDirectory(prefix="kaiku-people-") as folder:
        store = pathlib.Path(folder) / "central.db"
        for name in ("anna", "olli", "eva"):
            assert add(store, name)[0] == 0
        out = command("audit", "verify", store=store)[1]
        noted = log_of(store)[-1]["hash"]
        assert out == f"3 entries, each tied to the one before; last {noted}\n", out
        command("audit", "verify", "--noted", noted, store=store)
        with sqlite3.connect(store) as rows:
            rows.execute("DELETE FROM audit WHERE number = 3")
        command("audit", "verify", store=store)  # a log that was cut off looks whole …
        code, _, err = command("audit", "verify", "--noted", noted, store=store, check=False)
        assert code == 1 and "cut off" in err, err  # … but to those who noted its end
        with sqlite3.connect(store) as rows:
            rows.execute("UPDATE audit SET who = 'shell nobody' WHERE number = 1")
        code, _, err = command("audit", "verify", store=store, check=False)
        assert code == 1 and "entry 1 " in err, err


run(people_come_change_and_go,
    what_is_wrong_is_said_and_nothing_changes,
    a_terminal_is_asked_twice_and_shows_nothing,
    every_reading_of_texts_is_logged_without_them,
    who_is_not_recorded_reads_nothing,
    every_change_is_logged,
    a_log_that_was_tampered_with_is_found_out)
