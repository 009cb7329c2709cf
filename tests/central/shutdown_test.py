"""What was acknowledged is in the store, however the server ends and whoever shares a flush."""
import http.client
import json
import signal
import threading

from central_fixture import batch, central, response, run

SENDERS = 12
ENOUGH = 300


def send_until_it_ends(server, token, device, acknowledged, broken, enough):
    """One sender: keeps one connection and posts until the server is gone."""
    connection = server.connect()
    try:
        while True:
            one, two = response(), response()
            status, _, _ = server.request("POST", "/v1/responses", one, token,
                                          connection=connection)
            if status == 201:
                acknowledged.append(one["id"])
            else:
                broken.append(status)
            status, _, body = server.request("POST", "/v1/batches", batch(two), device,
                                             connection=connection)
            if status == 200:
                acknowledged.extend(json.loads(body)["receipt"]["accepted"])
            else:
                broken.append(status)
            if len(acknowledged) >= ENOUGH:
                enough.set()
    except (OSError, ValueError, http.client.HTTPException):
        pass  # the server is gone: nothing was acknowledged by this request
    finally:
        connection.close()


def under_load(server, how):
    token, device = server.token(), server.device()
    acknowledged, broken, enough = [], [], threading.Event()
    senders = [threading.Thread(target=send_until_it_ends,
                                args=(server, token, device, acknowledged, broken, enough))
               for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    assert enough.wait(60), "the server is too slow for this test"
    code = server.stop(how)
    for sender in senders:
        sender.join(60)
        assert not sender.is_alive()
    assert not broken, broken
    return code, acknowledged


def check(server, acknowledged):
    stored = server.stored_ids()
    assert len(stored) == len(set(stored))
    lost = set(acknowledged) - set(stored)
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged responses are lost"


def sigterm_finishes_running_requests_and_loses_nothing():
    with central() as server:
        server.add_unit()
        code, acknowledged = under_load(server, signal.SIGTERM)
        assert code == 0, code
        check(server, acknowledged)
        assert "cut off" not in server.log_text()


def sigkill_loses_nothing_that_was_acknowledged():
    with central() as server:
        server.add_unit()
        for _ in range(3):
            _, acknowledged = under_load(server, signal.SIGKILL)
            check(server, acknowledged)
            server.start()
            assert server.request("GET", "/ready")[0] == 200


def idle_connections_do_not_hold_up_the_end():
    with central() as server:
        idle = [server.connect() for _ in range(20)]
        for connection in idle:
            assert server.request("GET", "/health", connection=connection)[0] == 200
        assert server.stop(signal.SIGINT) == 0
        for connection in idle:
            connection.close()


def eight_identical_requests_at_once_store_one_row():
    with central() as server:
        server.add_unit()
        token = server.token()
        for _ in range(20):
            one, statuses, gate = response(), [], threading.Barrier(8)

            def send(one=one, statuses=statuses, gate=gate):
                gate.wait(30)
                statuses.append(server.request("POST", "/v1/responses", one, token)[0])

            threads = [threading.Thread(target=send) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            assert sorted(statuses) == [200] * 7 + [201], statuses
        assert len(server.stored_ids()) == 20


run(sigterm_finishes_running_requests_and_loses_nothing,
    sigkill_loses_nothing_that_was_acknowledged,
    idle_connections_do_not_hold_up_the_end,
    eight_identical_requests_at_once_store_one_row)
