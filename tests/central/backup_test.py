"""Backups of a store that is in use, and the way back. Usage: backup_test.py PROGRAM"""
import json
import pathlib
import signal
import sqlite3
import stat
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from central_fixture import batch, central, response, run  # noqa: E402
from postgres_server import postgres  # noqa: E402

UNLIMITED = "[devices]\nrequests_per_minute = 0\n[limits]\nrequests_per_connection = 100000\n"


def send_until(server, device, over, thanked):
    connection = server.connect()
    while not over.is_set():
        two = [response(), response()]
        assert server.request("POST", "/v1/batches", batch(*two), device,
                              connection=connection)[0] == 200
        thanked.extend(one["id"] for one in two)
    connection.close()


def manifest_of(file):
    return json.loads(pathlib.Path(f"{file}.json").read_text(encoding="utf-8"))


def refused(server, *arguments, says):
    code, out, err = server.command(*arguments, check=False)
    assert code == 1 and out == "" and err.count("\n") == 1 and says in err, (arguments, out, err)


def wait_for(happened):
    tick = threading.Event()
    for _ in range(6000):
        if happened():
            return
        tick.wait(0.01)
    raise AssertionError("waited a minute in vain")


def backups_under_load(server):
    """Backups while four senders write; each holds all that was thanked for before it began."""
    device, over, thanked = server.device(), threading.Event(), []
    senders = [threading.Thread(target=send_until, args=(server, device, over, thanked))
               for _ in range(4)]
    for sender in senders:
        sender.start()
    made = []
    try:
        for number in range(3):
            wait_for(lambda goal=len(thanked) + 20: len(thanked) >= goal)
            before, file = list(thanked), server.folder / f"backup-{number}"
            out = server.command("backup", "--to", str(file))[1]
            made.append((file, before, manifest_of(file)["counts"]["responses"]))
            assert f"{made[-1][2]} answers" in out, out
            assert len(before) <= made[-1][2] <= len(thanked) + 8
    finally:
        over.set()
        for sender in senders:
            sender.join(60)
    assert made[2][2] > made[0][2] > 0, "nothing was sent meanwhile"
    return made


def a_backup_of_a_busy_store_is_whole_and_comes_back():
    with central(UNLIMITED) as server:
        server.add_unit()
        made = backups_under_load(server)
        all_ids = set(server.stored_ids())
        for file, before, count in made:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_IMODE(pathlib.Path(f"{file}.json").stat().st_mode) == 0o600
            assert sorted(path.name for path in server.folder.glob(file.name + "*")) == [
                file.name, file.name + ".json"]
            assert "good" in server.command("restore", "--from", str(file), "--check")[1]
            held = {row[0] for row in sqlite3.connect(file).execute("SELECT id FROM responses")}
            assert set(before) <= held <= all_ids and len(held) == count
        file, _, count = made[1]
        refused(server, "restore", "--from", str(file), says="is in use; stop kaiku-central")
        refused(server, "restore", "--from", str(file), "--force", says="is in use")
        assert server.stop() == 0
        refused(server, "restore", "--from", str(file), says="--force moves it aside")
        assert set(server.stored_ids()) == all_ids
        out = server.command("restore", "--from", str(file), "--force")[1]
        assert f"restored: {count} answers" in out, out
        kept = pathlib.Path(out.splitlines()[1].removeprefix("what was there before: "))
        assert sqlite3.connect(kept).execute("SELECT COUNT(*) FROM responses").fetchone() == (
            len(all_ids),)
        assert "every rollup" in server.command("verify")[1]
        server.start()
        assert len(server.stored_ids()) == count
        assert server.request("GET", "/ready")[0] == 200


def a_store_that_is_gone_comes_back_without_force():
    with central() as server:
        server.add_unit()
        one = response()
        assert server.request("POST", "/v1/responses", one, server.token())[0] == 201
        file = server.folder / "backup"
        server.command("backup", "--to", str(file))
        refused(server, "backup", "--to", str(file), says="is there already")
        assert server.stop(signal.SIGKILL) != 0
        for path in server.folder.glob("central.db*"):
            if path.suffix in (".db", ".db-wal", ".db-shm"):
                path.unlink()
        server.command("restore", "--from", str(file))
        server.start()
        assert server.stored_ids() == [one["id"]]


def what_is_no_good_backup_is_refused_and_changes_nothing():
    with central() as server:
        server.add_unit()
        assert server.request("POST", "/v1/responses", response(), server.token())[0] == 201
        assert server.stop() == 0
        file = server.folder / "backup"
        server.command("backup", "--to", str(file))
        whole, said = file.read_bytes(), pathlib.Path(f"{file}.json").read_text(encoding="utf-8")
        manifest = json.loads(said)
        before = server.store.read_bytes()

        def spoilt(content, told, says):
            file.write_bytes(content)
            pathlib.Path(f"{file}.json").write_text(told, encoding="utf-8")
            refused(server, "restore", "--from", str(file), "--force", says=says)
            refused(server, "restore", "--from", str(file), "--check", says=says)
            assert server.store.read_bytes() == before

        middle = len(whole) // 2
        spoilt(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:], said, "SHA-256")
        spoilt(whole[:-4096], said, "SHA-256")
        spoilt(whole, json.dumps(manifest | {"counts": manifest["counts"] | {"responses": 2}}),
               "other rows than its manifest says")
        spoilt(whole, json.dumps(manifest | {"schema": 999}), "update this program")
        spoilt(whole, json.dumps(manifest | {"format": 2}), "newer kaiku-central")
        spoilt(whole, "{}", "is no manifest")
        spoilt(whole, "", "is missing")
        refused(server, "restore", "--from", str(server.folder / "nothing"), "--force",
                says="is missing")
        refused(server, "backup", "--to", "/nowhere/backup", says="/nowhere/backup")
        file.write_bytes(whole)
        pathlib.Path(f"{file}.json").write_text(said, encoding="utf-8")
        server.command("restore", "--from", str(file), "--force")


def a_postgresql_store_is_backed_up_and_restored():
    with postgres("fsync=off") as database, central(UNLIMITED, store=database.uri) as server:
        server.add_unit()
        made = backups_under_load(server)
        all_ids = set(server.stored_ids())
        file, before, count = made[1]
        assert manifest_of(file)["kind"] == "postgresql"
        refused(server, "restore", "--from", str(file), "--force", says="other connections")
        assert server.stop() == 0
        refused(server, "restore", "--from", str(file), says="--force replaces them")
        assert set(server.stored_ids()) == all_ids
        out = server.command("restore", "--from", str(file), "--force")[1]
        assert f"restored: {count} answers" in out, out
        held = set(server.stored_ids())
        assert set(before) <= held <= all_ids and len(held) == count
        assert "every rollup" in server.command("verify")[1]
        # Into a new, empty database too.
        database.sql("CREATE DATABASE second")
        server.store = database.uri.replace("///kaiku?", "///second?")
        server.command("restore", "--from", str(file))
        assert set(server.stored_ids()) == held
        database.sql("CREATE TABLE stranger (a integer)", "second")
        refused(server, "restore", "--from", str(file), "--force", says="does not know")
        spoilt = bytearray(file.read_bytes())
        spoilt[len(spoilt) // 2] ^= 1
        file.write_bytes(spoilt)
        refused(server, "restore", "--from", str(file), "--check", says="SHA-256")
        server.start()
        assert server.request("GET", "/ready")[0] == 200
        assert len(server.stored_ids()) == count


run(a_backup_of_a_busy_store_is_whole_and_comes_back,
    a_store_that_is_gone_comes_back_without_force,
    what_is_no_good_backup_is_refused_and_changes_nothing,
    a_postgresql_store_is_backed_up_and_restored)
