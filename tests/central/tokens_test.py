"""API tokens: made, listed, expired and revoked. Usage: tokens_test.py PROGRAM"""
import hashlib
import json
import pathlib
import sqlite3
import sys

from central_fixture import central, response, run

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from postgres_server import postgres  # noqa: E402


def token_id(token):
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def create(server, *more):
    return server.command("token", "create", "--scope", "responses:write", *more)[1].strip()


def listed(server):
    return {one["token"]: one for one in
            json.loads(server.command("token", "list", "--format", "json")[1])}


def a_token_lives_and_ends(server, change_rows):
    server.add_unit()

    def status(token):
        return server.request("POST", "/v1/responses", response(), token)[0]

    lasting, short, unused = create(server), create(server, "--expires-days", "1"), create(server)
    assert status(lasting) == 201 and status(short) == 201
    known = listed(server)
    assert set(known) == {token_id(one) for one in (lasting, short, unused)}, known
    assert known[token_id(lasting)]["expires_at"] is None
    assert known[token_id(short)]["state"] == "good"
    text = server.command("token", "list")[1]
    assert all(one not in text for one in (lasting, short, unused)) and text.count("\n") == 3

    server.command("token", "revoke", "--id", token_id(unused))
    assert status(unused) == 401 and status(lasting) == 201
    change_rows("UPDATE secrets SET expires_at = created_at - 1 WHERE expires_at IS NOT NULL")
    server.stop()  # a token is remembered for seconds
    server.start()
    assert status(short) == 401 and status(lasting) == 201
    known = listed(server)
    assert token_id(unused) not in known and known[token_id(short)]["state"] == "expired", known

    log = [json.loads(line) for line in server.command("audit", "list")[1].splitlines()]
    assert [(one["what"], one["object"]) for one in log if one["what"].startswith("token")] == \
        [("token create", f"{token_id(one)} responses:write") for one in (lasting, short, unused)] \
        + [("token revoke", token_id(unused))], log
    server.command("audit", "verify")
    assert all(one not in json.dumps(log) for one in (lasting, short, unused))


def a_token_lives_and_ends_in_sqlite():
    with central() as server:
        def change_rows(statement):
            with sqlite3.connect(server.store) as rows:
                rows.execute(statement)
        a_token_lives_and_ends(server, change_rows)


def a_token_lives_and_ends_in_postgresql():
    with postgres("fsync=off") as database, central(store=database.uri) as server:
        a_token_lives_and_ends(server, database.sql)


def what_is_wrong_is_said_and_repeats_no_token():
    with central() as server:
        token = create(server)
        for arguments, told in [
                (("revoke", "--id", token), "16 digits"),
                (("revoke", "--id", "0" * 16), "does not exist"),
                (("create", "--scope", "texts:read"), "responses:write"),
                (("create", "--scope", "responses:write", "--expires-days", "0"), "--expires-days"),
                (("list", "--format", "xml"), "--format")]:
            code, out, err = server.command("token", *arguments, check=False)
            assert code == 1 and out == "" and told in err and err.count("\n") == 1, err
            assert token not in err, err
        assert list(listed(server)) == [token_id(token)]


run(a_token_lives_and_ends_in_sqlite,
    a_token_lives_and_ends_in_postgresql,
    what_is_wrong_is_said_and_repeats_no_token)
