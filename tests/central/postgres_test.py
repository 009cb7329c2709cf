"""kaiku-central over a real PostgreSQL server: two processes on one store, organisers apart.
Usage: postgres_test.py PROGRAM"""
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from central_fixture import batch, central, response, run  # noqa: E402
from device_key import SignedDevice  # noqa: E402
from postgres_server import postgres  # noqa: E402

UNLIMITED = "[devices]\nrequests_per_minute = 0\n[limits]\nrequests_per_connection = 100000\n"
DAYS = ["--from", "2026-11-01", "--to", "2026-11-30"]


def report(server, *more):
    return json.loads(server.command("report", *DAYS, "--format", "json", *more)[1])


def answers_arrive_and_are_reported():
    with postgres("fsync=off") as database, central(store=database.uri) as server:
        server.add_unit()
        token = server.token()
        one = response()
        assert server.request("POST", "/v1/responses", one, token)[0] == 201
        assert server.request("POST", "/v1/responses", one, token)[0] == 200
        device = SignedDevice(server, server.enrolment_code())
        two = response()
        body, headers = device.signed("batch", batch(one, two))
        reply = server.request("POST", "/v1/batches", body, device.told["credential"], headers)
        assert reply[0] == 200, reply
        assert sorted(server.stored_ids()) == sorted([one["id"], two["id"]])
        assert report(server)["total"]["n"] == 2
        assert server.request("GET", "/ready")[0] == 200
        assert "every rollup" in server.command("verify")[1]
        assert server.command("ledger", "--format", "json")[0] == 0
        assert (server.folder / "central.key").exists()


def post_all(server, token, answers, replies):
    connection = server.connect()
    for one in answers:
        replies.append(server.request("POST", "/v1/responses", one, token,
                                      connection=connection)[0])
    connection.close()


def two_processes_on_one_store_keep_each_answer_once():
    with postgres("fsync=off") as database, central(UNLIMITED, store=database.uri) as first, \
            central(UNLIMITED, store=database.uri) as second:
        first.add_unit()
        token = first.token()
        answers = [response() for _ in range(200)]
        replies = [[] for _ in range(8)]
        posters = [threading.Thread(target=post_all, args=(
            (first, second)[i % 2], token, answers if i < 4 else answers[::-1], replies[i]))
            for i in range(8)]
        for poster in posters:
            poster.start()
        for poster in posters:
            poster.join()
        every = [status for each in replies for status in each]
        assert len(every) == 1600 and set(every) <= {200, 201}, set(every)
        assert every.count(201) == 200, every.count(201)
        assert sorted(second.stored_ids()) == sorted(one["id"] for one in answers)
        assert report(first)["total"]["n"] == 200
        assert "every rollup" in second.command("verify")[1]


def organisers_meet_nowhere(store=None):
    with central(store=store) as server:
        hosts = {"north": "north.example", "south": "south.example"}
        tokens, devices = {}, {}
        for code, host in hosts.items():
            server.command("organiser", "add", "--code", code, "--name", code, "--host", host)
            server.command("unit", "add", "--organiser", code, "--code", "a", "--name-fi", code,
                           "--name-sv", code)
            tokens[code] = server.command("token", "create", "--organiser", code, "--scope",
                                          "responses:write")[1].strip()
            devices[code] = server.command("enroll", "--organiser", code, "--unit", "a")[1].strip()
        assert len(server.command("organiser", "list")[1].splitlines()) == 3
        server.stop()
        server.start()

        def post(host, token, one):
            return server.request("POST", "/v1/responses", one, token, {"Host": host})[0]

        one = response()
        assert post("north.example", tokens["north"], one) == 201
        assert post("North.Example:8443", tokens["north"], one) == 200
        # The other's token is nothing here, and neither is the other's code.
        for host in ("south.example", "elsewhere.example"):
            assert post(host, tokens["north"], response()) == 401
        enrol = {"protocol": 1, "code": devices["north"]}
        assert server.request("POST", "/v1/enroll", enrol, None,
                              {"Host": "south.example"})[0] == 401
        status, _, body = server.request("POST", "/v1/enroll", enrol, None,
                                         {"Host": "north.example"})
        assert status == 200, body
        credential = json.loads(body)["device"]["credential"]
        sent = batch(response())
        assert server.request("POST", "/v1/batches", sent, credential,
                              {"Host": "south.example"})[0] == 401
        assert server.request("POST", "/v1/batches", sent, credential,
                              {"Host": "north.example"})[0] == 200
        assert report(server, "--organiser", "north")["total"]["n"] == 2
        assert report(server, "--organiser", "south")["total"]["n"] == 0
        assert report(server)["total"]["n"] == 0
        assert server.command("device", "list", "--organiser", "south")[1].count("\n") <= 1
        refused = server.command("report", *DAYS, "--format", "json", "--organiser", "west",
                                 check=False)
        assert refused[0] == 1 and "does not exist" in refused[2], refused


def organisers_meet_nowhere_in_postgresql():
    with postgres("fsync=off") as database:
        organisers_meet_nowhere(database.uri)


def a_server_that_went_away_is_503_and_found_again():
    with postgres("fsync=off") as database, central(store=database.uri) as server:
        server.add_unit()
        token = server.token()
        assert server.request("POST", "/v1/responses", response(), token)[0] == 201
        database.sql("ALTER DATABASE kaiku ALLOW_CONNECTIONS false", "postgres")
        database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     " WHERE datname = 'kaiku'", "postgres")
        status, headers, _ = server.request("POST", "/v1/responses", response(), token)
        assert status == 503 and "Retry-After" in headers, (status, headers)
        assert server.request("GET", "/ready")[0] == 503
        database.sql("ALTER DATABASE kaiku ALLOW_CONNECTIONS true", "postgres")
        assert server.request("POST", "/v1/responses", response(), token)[0] == 201
        assert report(server)["total"]["n"] == 2
        assert database.uri not in server.log_text()


run(answers_arrive_and_are_reported, two_processes_on_one_store_keep_each_answer_once,
    organisers_meet_nowhere, organisers_meet_nowhere_in_postgresql,
    a_server_that_went_away_is_503_and_found_again)
