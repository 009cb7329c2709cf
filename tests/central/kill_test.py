"""kill -9 of central under load: what was acknowledged is stored, and nothing twice.
Usage: kill_test.py PROGRAM KAIKU_SIM [KILLS]"""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from central_fixture import DEADLINE_S, Central, central, run  # noqa: E402
from postgres_server import postgres  # noqa: E402

SIM = sys.argv[2]
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
CONNECTIONS = 16
BETWEEN = 40  # answers acknowledged between two kills
UNLIMITED = "[limits]\nrequests_per_connection = 100000\n"


def acknowledged(ids):
    """Whole lines only: the player may be writing one."""
    return [line for line in ids.read_text(encoding="ascii").splitlines() if len(line) == 36]


def wait_for_more(ids, player):
    """Until the player was acknowledged so many more answers than now."""
    goal = len(acknowledged(ids)) + BETWEEN
    tick = threading.Event()
    for _ in range(DEADLINE_S * 100):
        if len(acknowledged(ids)) >= goal:
            return
        assert player.poll() is None, "kaiku-sim ended too early"
        tick.wait(0.01)
    raise AssertionError("too few answers were acknowledged")


def play(server, kills):
    """Kills and restarts central so often under load; returns what the player said."""
    server.add_unit()
    token, ids = server.folder / "token", server.folder / "acknowledged"
    token.write_text(server.token(), encoding="ascii")
    ids.touch()
    player = subprocess.Popen(
        [SIM, "--single", "--port", str(server.port), "--token-file", token, "--unit", "a",
         "--connections", str(CONNECTIONS), "--seconds", "86400", "--acknowledged", ids, "--json"],
        stdout=subprocess.PIPE, text=True)
    try:
        server.listen = f"127.0.0.1:{server.port}"
        for _ in range(kills):
            wait_for_more(ids, player)
            assert server.stop(signal.SIGKILL) == -signal.SIGKILL
            server.start()
        wait_for_more(ids, player)
        player.send_signal(signal.SIGINT)  # no new answers; those on their way are settled
        said, _ = player.communicate(timeout=DEADLINE_S)
    finally:
        if player.poll() is None:
            player.kill()
            player.wait()
    assert player.returncode == 0, said
    return json.loads(said), acknowledged(ids)


def check(name, server):
    said, thanked = play(server, KILLS)
    stored = server.stored_ids()
    assert said["lost"] == 0 and said["unexpected"] == {}, said
    assert said["acknowledged"] == len(thanked) == len(set(thanked))
    assert len(stored) == len(set(stored)), "stored twice"
    missing, more = set(thanked) - set(stored), set(stored) - set(thanked)
    assert not missing and not more, (len(missing), len(more))
    assert server.command("verify")[0] == 0
    print(f"   {name}: {KILLS} kills, {len(thanked)} acknowledged, {len(stored)} stored, "
          f"0 lost, 0 twice, {said['cut']} connections cut")


def killed_over_sqlite_central_keeps_what_it_acknowledged():
    with central(UNLIMITED) as server:
        check("SQLite", server)


def killed_over_postgresql_central_keeps_what_it_acknowledged():
    with postgres() as database, tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        server = Central(folder, UNLIMITED, store=database.uri)
        try:
            check("PostgreSQL", server)
        finally:
            server.stop(signal.SIGKILL)
            server.log.close()


run(killed_over_sqlite_central_keeps_what_it_acknowledged,
    killed_over_postgresql_central_keeps_what_it_acknowledged)
