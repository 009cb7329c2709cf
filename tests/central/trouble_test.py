"""Stores in trouble while the server runs: never an acknowledgement, and it recovers."""
import resource
import sqlite3
import subprocess
import sys
import tempfile

from central_fixture import PROGRAM, batch, central, command, response, run

IMPATIENT = "[timeouts]\nstore_busy_ms = 50\n"


def one_line_error(store, says):
    code, _, err = command("report", "--from", "2026-11-01", "--to", "2026-11-30", "--format",
                           "json", store=store, check=False)
    assert code != 0 and err.count("\n") == 1 and says in err, err


def a_locked_store_is_answered_503_and_accepts_the_same_batch_later():
    with central(IMPATIENT) as server:
        server.add_unit()
        device, sent = server.device(), batch(response(), response())
        other = sqlite3.connect(server.store, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        status, headers, body = server.request("POST", "/v1/batches", sent, device)
        assert status == 503 and int(headers["Retry-After"]) > 0 and b"accepted" not in body
        other.execute("ROLLBACK")
        other.close()
        assert server.request("POST", "/v1/batches", sent, device)[0] == 200
        assert len(server.stored_ids()) == 2


def a_full_disk_is_answered_503_and_acknowledged_answers_stay():
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, resource.RLIM_INFINITY))

    with central(IMPATIENT) as server:
        server.add_unit()
        device = server.device()
        server.stop()
        server.preexec = small_files
        server.start()
        acknowledged, statuses = [], set()
        for _ in range(60):
            part = [response(answers={"text": "pitkä teksti " * 100}) for _ in range(10)]
            status = server.request("POST", "/v1/batches", batch(*part), device)[0]
            statuses.add(status)
            if status == 200:
                acknowledged += [one["id"] for one in part]
            elif status == 503:
                break
        assert statuses == {200, 503}, statuses
        # One answer may still find room where ten do not; a few tries take the last of it.
        assert any(server.request("GET", "/ready")[0] == 503 for _ in range(8))
        assert server.request("GET", "/health")[0] == 200
        server.stop()
        server.preexec = None
        server.start()
        assert server.request("GET", "/ready")[0] == 200
        assert sorted(server.stored_ids()) == sorted(acknowledged)
        assert server.request("POST", "/v1/batches", batch(*part), device)[0] == 200


def a_disk_with_too_little_room_is_not_ready_and_says_so():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        # A small disk of our own, in a namespace of our own, asked from inside.
        script = f"""
mount -t tmpfs -o size=8m none {folder} || exit 77
{PROGRAM} serve --listen 127.0.0.1:0 --store sqlite:{folder}/central.db > {folder}/out 2> {folder}/log &
for i in $(seq 100); do grep -q listens {folder}/out && break; sleep 0.1; done
url=$(sed 's/.* //' {folder}/out)
{sys.executable} -c "
import sys, urllib.request, urllib.error
try: print(urllib.request.urlopen(sys.argv[1] + '/ready', timeout=30).status)
except urllib.error.HTTPError as e: print(e.code, e.read().decode())
" $url
kill $!; wait $!; cat {folder}/log
"""
        done = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", script],
                              capture_output=True, text=True, timeout=60, check=False)
    if done.returncode == 77 or "unshare" in done.stderr:
        print("nobody may mount a small disk here: only the store's own test shows this")
        return
    assert done.stdout.startswith("503 ") and "too little room" in done.stdout, done
    assert "KiB are needed; free some space on it" in done.stdout, done


def a_store_that_was_not_there_is_told_in_the_log_once():
    with central() as server:
        assert f"{server.store} was not there: a new, empty store was made" in server.log_text()
        server.stop()
        server.start()
        assert server.log_text().count("was not there") == 1


def a_damaged_store_does_not_start():
    with central() as server:
        server.add_unit()
        server.stop()
        server.store.write_bytes(b"x" * 20_000)
        code, out, err = server.command("serve", "--listen", "127.0.0.1:0", check=False)
        assert code != 0 and out == "" and "no Kaiku store" in err, err
        one_line_error(server.store, "no Kaiku store")


def a_newer_store_is_left_alone():
    with central() as server:
        server.add_unit()
        server.stop()
        newer = sqlite3.connect(server.store)
        known = newer.execute("PRAGMA user_version").fetchone()[0]
        newer.execute(f"PRAGMA user_version = {known + 1}")
        newer.close()
        before = server.store.read_bytes()
        one_line_error(server.store, "newer")
        assert server.store.read_bytes() == before


def commands_work_while_the_server_writes():
    with central() as server:
        server.add_unit()
        device = server.device()
        connection = server.connect()
        for count in range(20):
            assert server.request("POST", "/v1/batches", batch(*[response() for _ in range(50)]),
                                  device, connection=connection)[0] == 200
            if count % 5 == 0:
                server.add_unit(f"u{count}")
        connection.close()
        assert len(server.stored_ids()) == 1000
        assert server.request("POST", "/v1/batches", batch(response(unit="u15")), device)[0] == 200


def logs_hold_neither_answers_nor_secrets_nor_addresses():
    with central(IMPATIENT) as server:
        server.add_unit()
        device, token = server.device(), server.token()
        one = response(answers={"text": "Salaisuus"}, contact="Maija Meikäläinen")
        assert server.request("POST", "/v1/batches", batch(one), device)[0] == 200
        other = sqlite3.connect(server.store, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        assert server.request("POST", "/v1/responses", response(), token)[0] == 503
        other.execute("ROLLBACK")
        other.close()
        server.stop()
        log = server.log_text()
        assert "store" in log
        for secret in ("Salaisuus", "Maija", device, token, one["id"], "127.0.0.1"):
            assert secret not in log, secret


run(a_locked_store_is_answered_503_and_accepts_the_same_batch_later,
    a_full_disk_is_answered_503_and_acknowledged_answers_stay,
    a_disk_with_too_little_room_is_not_ready_and_says_so,
    a_store_that_was_not_there_is_told_in_the_log_once, a_damaged_store_does_not_start,
    a_newer_store_is_left_alone, commands_work_while_the_server_writes,
    logs_hold_neither_answers_nor_secrets_nor_addresses)
