"""A store that does not answer: central puts off what is too much to hold, and keeps what it took.
Usage: back_pressure_test.py PROGRAM"""
import json
import re
import sqlite3
import threading

from central_fixture import DEADLINE_S, central, response, run

SENDERS = 12
BODY_BYTES = 6000
HELD = 3  # of these fit into the limit
LIMITED = f"[limits]\nunanswered_bytes = {HELD * BODY_BYTES + 100}\n"


def put_off(server):
    status, _, text = server.request("GET", "/metrics")
    assert status == 200
    return int(float(re.search(r"^kaiku_http_requests_put_off_total (\S+)$", text.decode(), re.M)[1]))


def what_a_slow_store_cannot_take_is_put_off_and_what_was_taken_is_kept():
    with central(LIMITED) as server:
        server.add_unit()
        token = server.token()
        # The token and the units are read before the store stands still.
        assert server.request("POST", "/v1/responses", response(), token)[0] == 201
        answers = [response() for _ in range(SENDERS)]
        replies = {}

        def send(one):
            body = json.dumps(one).encode().ljust(BODY_BYTES)
            replies[one["id"]] = server.request("POST", "/v1/responses", body, token)

        holder = sqlite3.connect(server.store, isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        senders = [threading.Thread(target=send, args=(one,)) for one in answers]
        for sender in senders:
            sender.start()
        tick = threading.Event()
        for _ in range(DEADLINE_S * 100):
            if len(replies) >= SENDERS - HELD:
                break
            tick.wait(0.01)
        waiting = SENDERS - len(replies)
        counted = put_off(server)
        holder.execute("ROLLBACK")
        for sender in senders:
            sender.join(DEADLINE_S)
        assert waiting == HELD and counted == SENDERS - HELD, (waiting, counted)
        refused = {key: reply for key, reply in replies.items() if reply[0] == 503}
        assert len(refused) == SENDERS - HELD, [reply[0] for reply in replies.values()]
        assert all(int(reply[1]["Retry-After"]) > 0 for reply in refused.values())
        taken = [key for key, reply in replies.items() if reply[0] == 201]
        assert len(taken) == HELD, [reply[0] for reply in replies.values()]
        stored = server.stored_ids()
        assert set(taken) <= set(stored) and not set(refused) & set(stored)
        for one in answers:
            status = server.request("POST", "/v1/responses", one, token)[0]
            assert status == (200 if one["id"] in taken else 201), status
        assert len(server.stored_ids()) == SENDERS + 1


run(what_a_slow_store_cannot_take_is_put_off_and_what_was_taken_is_kept)
