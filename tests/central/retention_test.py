"""What may no longer be kept is gone, its bytes too, while central serves. Usage: retention_test.py PROGRAM"""
import datetime
import json
import pathlib
import sqlite3
import sys
import threading
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from central_fixture import batch, central, response, run  # noqa: E402
from postgres_server import postgres  # noqa: E402

RULES = "[retention]\nopen_text_days = 365\ncontacts_days = 30\ndevices_days = 30\n"
UNLIMITED = "[limits]\nrequests_per_connection = 100000\n[devices]\nrequests_per_minute = 0\n"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)


def at(days_ago):
    return (NOW - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def texts_sent(server, count):
    """Answers with texts of many lengths, half of them too old; each text is unlike any other."""
    device, connection, expected = server.device(), server.connect(), {"OLDTEXT": 0, "NEWTEXT": 0}
    for first in range(0, count, 100):
        some = []
        for number in range(first, first + 100):
            mark = "OLDTEXT" if number % 2 else "NEWTEXT"
            expected[mark] += 1
            some.append(response(answered_at=at(700 if number % 2 else 5),
                                 answers={"nps": number % 11,
                                          "text": f"{mark}{number:06d} " + "x" * (number * 7 % 900)}))
        assert server.request("POST", "/v1/batches", batch(*some), device,
                              connection=connection)[0] == 200
    connection.close()
    return expected


def marks_in(paths):
    found = {"OLDTEXT": 0, "NEWTEXT": 0, "OLDWISH": 0, "NEWWISH": 0}
    for path in paths:
        data = path.read_bytes()
        for mark in found:
            found[mark] += data.count(mark.encode())
    return found


def files_of(server):
    return [path for path in server.folder.glob("central.db*") if "key" not in path.name]


def today():
    """The county's own day, which is not UTC's around midnight."""
    return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Helsinki")).date()


def days_before(count, day=None):
    return str((day or today()) - datetime.timedelta(days=count))


def add_wishes(server):
    """Contact wishes come through web pages; their rows are written here as those write them."""
    with sqlite3.connect(server.store) as store:
        for number in range(200):
            old = number % 2
            store.execute("INSERT INTO contacts VALUES ('main', ?, 'a', ?, 'fi', ?)",
                          (f"wish-{number}", days_before(100 if old else 3),
                           f"{'OLDWISH' if old else 'NEWWISH'} 040 {number}"))
    store.close()


def no_byte_of_what_is_deleted_is_left_in_the_stores_files():
    with central(UNLIMITED + RULES) as server:
        server.add_unit()
        expected = texts_sent(server, 4000)
        add_wishes(server)
        config = ["--config", str(server.config)]
        before = server.command("report", "--from", "2020-01-01", "--to", "2030-01-01", "--format",
                                "json")[1]
        assert marks_in(files_of(server))["OLDTEXT"] >= expected["OLDTEXT"]
        day = today()
        due = server.command("retention", "--dry-run", *config)[1].splitlines()
        if today() != day:  # midnight passed meanwhile
            day = today()
            due = server.command("retention", "--dry-run", *config)[1].splitlines()
        assert [line.split() for line in due] == [
            ["main", "open_text", "before", days_before(365, day), "2000"],
            ["main", "contacts", "before", days_before(30, day), "100"],
            ["main", "devices", "before", days_before(30, day), "0"]], due
        assert marks_in(files_of(server))["OLDWISH"] >= 100
        assert server.command("retention", "--apply", *config)[1].splitlines() == due
        found = marks_in(files_of(server))
        assert found["OLDTEXT"] == 0 and found["OLDWISH"] == 0, found
        assert found["NEWTEXT"] == expected["NEWTEXT"] and found["NEWWISH"] == 100, found
        # Every figure is as it was, and central serves on.
        assert server.command("report", "--from", "2020-01-01", "--to", "2030-01-01", "--format",
                              "json")[1] == before
        assert "every rollup" in server.command("verify")[1]
        assert len(server.stored_ids()) == 4000
        assert server.request("POST", "/v1/responses", response(), server.token())[0] == 201
        proof = server.command("retention", "--proof")[1].splitlines()
        bodies = [json.loads(line.split("  ")[2]) for line in proof]
        assert [(one["class"], one["rows"]) for one in bodies] == [("open_text", 2000),
                                                                   ("contacts", 100)]
        content = ("OLDTEXT", "NEWTEXT", "OLDWISH", "NEWWISH", "wish-")
        assert not any(word in line for line in proof for word in content)
        with sqlite3.connect(server.store) as store:
            store.execute("UPDATE deletions SET body = replace(body, '2000', '1999')")
        store.close()
        code, _, err = server.command("retention", "--proof", check=False)
        assert code == 1 and "record 1 of organiser 'main'" in err, err


def revoked_terminals_go_with_their_ledger():
    with central(RULES) as server:
        server.add_unit()
        device = server.device()
        assert server.request("POST", "/v1/batches", batch(response()), device)[0] == 200
        with sqlite3.connect(server.store) as store:
            (identity,) = store.execute("SELECT id FROM devices").fetchone()
        store.close()
        server.command("device", "revoke", "--device", identity)
        config = ["--config", str(server.config)]
        server.command("retention", "--apply", *config)
        assert identity in server.command("device", "list")[1]
        with sqlite3.connect(server.store) as store:
            store.execute("UPDATE devices SET revoked_at = revoked_at - 86400 * 40")
        store.close()
        server.command("retention", "--apply", *config)
        assert server.command("device", "list")[1].strip().count(identity) == 0
        for path in files_of(server):
            assert identity.encode() not in path.read_bytes(), path
        assert len(server.stored_ids()) == 1, "answers belong to the unit and stay"


def serve_deletes_by_itself_in_its_hour():
    with central(RULES + "hour = 4\n") as server:
        server.add_unit()
        texts_sent(server, 200)
        assert server.stop() == 0
        assert marks_in(files_of(server))["OLDTEXT"] >= 100
        hour = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Helsinki")).hour
        server.config.write_text(RULES + f"hour = {hour}\n", encoding="utf-8")
        server.start()
        tick = threading.Event()
        for _ in range(600):
            if "deleted" in server.log_text():
                break
            tick.wait(0.1)
        # The end waits for what has begun.
        assert server.stop() == 0
        assert "100 deleted" in server.log_text(), server.log_text()
        assert marks_in(files_of(server))["OLDTEXT"] == 0


def postgresql_forgets_too():
    with postgres("fsync=off") as database, \
            central(UNLIMITED + RULES, store=database.uri) as server:
        server.add_unit()
        texts_sent(server, 1000)
        config = ["--config", str(server.config)]
        elsewhere = {"KAIKU_CENTRAL_DATA": str(server.folder / "elsewhere")}
        code, _, err = server.command("retention", "--apply", *config, environment=elsewhere,
                                      check=False)
        assert code == 1 and "run this as the user of kaiku-central serve" in err, err
        own = {"environment": {"KAIKU_CENTRAL_DATA": str(server.folder)}}
        out = server.command("retention", "--apply", *config, **own)[1]
        assert "open_text  before" in out and "  500\n" in out, out
        assert database.sql("SELECT COUNT(*) FROM responses WHERE text LIKE '%OLDTEXT%'") == ["0"]
        assert "every rollup" in server.command("verify")[1]
        server.command("retention", "--apply", "--rewrite", *config, **own)
        database.sql("CHECKPOINT")
        found = marks_in(path for path in (database.folder / "data/base").rglob("*")
                         if path.is_file())
        assert found["OLDTEXT"] == 0 and found["NEWTEXT"] >= 500, found
        assert server.command("retention", "--proof", **own)[1].count("open_text") == 1


def nothing_is_deleted_without_a_rule():
    with central() as server:
        server.add_unit()
        texts_sent(server, 100)
        for what in ("--dry-run", "--apply"):
            code, _, err = server.command("retention", what, check=False)
            assert code == 1 and "nothing is set" in err, err
        code, _, err = server.command("retention", check=False)
        assert code == 1 and err.count("\n") == 1, err
        code, _, err = server.command("retention", "--apply", "--dry-run", check=False)
        assert code == 1 and err.count("\n") == 1, err
        assert server.command("retention", "--proof")[1] == ""
        with sqlite3.connect(server.store) as store:
            assert store.execute("SELECT COUNT(*) FROM responses WHERE text = ''").fetchone() == (0,)
        store.close()


run(no_byte_of_what_is_deleted_is_left_in_the_stores_files,
    revoked_terminals_go_with_their_ledger,
    serve_deletes_by_itself_in_its_hour,
    postgresql_forgets_too,
    nothing_is_deleted_without_a_rule)
