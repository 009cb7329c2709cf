"""Hostile batches: each is answered, nothing of them is stored, and the server goes on."""
import json
import uuid

from central_fixture import batch, central, response, run


def deep(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


WHOLE = {
    "nothing": b"",
    "no JSON": b"<html>Log in</html>",
    "half": b'{"protocol":1,"responses":[',
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e999",
    "invalid UTF-8": b'{"protocol":1,"responses":[{"id":"\xff\xfe","response":{}}]}',
    "a lone surrogate": b'{"protocol":1,"responses":"\\ud800"}',
    "zero bytes": b"\0" * 1000,
    "future version": b'{"protocol":2,"responses":[]}',
    "version as text": b'{"protocol":"1","responses":[]}',
    "huge version": b'{"protocol":99999999999999999999,"responses":[]}',
    "unknown field": b'{"protocol":1,"responses":[],"more":1}',
    "responses as object": b'{"protocol":1,"responses":{}}',
    "deep": b'{"protocol":1,"responses":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "too many": json.dumps(batch(*[response() for _ in range(1025)])).encode(),
    "10 MB of text": json.dumps(batch(response(answers={"text": "x" * 10_000_000}))).encode(),
}

ITEMS = {
    "unknown field": lambda: response(more=1),
    "unknown answer": lambda: response(answers={"nps": 1, "score": 2}),
    "nps as text": lambda: response(answers={"nps": "9"}),
    "nps as fraction": lambda: response(answers={"nps": 9.5}),
    "nps too high": lambda: response(answers={"nps": 11}),
    "nps huge": lambda: response(answers={"nps": 10 ** 30}),
    "nps as boolean": lambda: response(answers={"nps": True}),
    "statement zero": lambda: response(answers={"statements": {"help": 0}}),
    "statement key": lambda: response(answers={"statements": {"'; DROP TABLE": 1}}),
    "many statements": lambda: response(answers={"statements": {f"k{i}": 1 for i in range(41)}}),
    "long text": lambda: response(answers={"text": "å" * 2001}),
    "answers as list": lambda: response(answers=[]),
    "deep answers": lambda: response(answers={"text": deep(2)}),
    "id is no UUID": lambda: response(id="1"),
    "id of version 1": lambda: response(id=str(uuid.uuid1())),
    "unknown channel": lambda: response(channel="carrier pigeon"),
    "unknown language": lambda: response(language="xx"),
    "unknown unit": lambda: response(unit="nowhere"),
    "unit as number": lambda: response(unit=1),
    "future format": lambda: response(format=2),
    "version zero": lambda: response(version=0),
    "version huge": lambda: response(version=2 ** 63),
    "no time": lambda: response(answered_at="yesterday"),
    "the year 9999": lambda: response(answered_at="9999-12-31T23:59:59Z"),
    "assisted as text": lambda: response(assisted="no"),
    "too large": lambda: response(contact="x" * 20_000),
}


def whole_batches_that_are_wrong_are_refused():
    with central() as server:
        server.add_unit()
        device = server.device()
        for name, body in WHOLE.items():
            status, _, answer = server.request("POST", "/v1/batches", body, device)
            assert status in (400, 413, 422), f"{name}: {status}"
            problem = json.loads(answer)
            assert problem["status"] == status and problem["detail"], name
        assert server.stored_ids() == []
        assert server.request("POST", "/v1/batches", batch(response()), device)[0] == 200


def bad_responses_are_refused_one_by_one_between_good_ones():
    with central() as server:
        server.add_unit()
        device, token = server.device(), server.token()
        good = []
        for name, make in ITEMS.items():
            bad, before, after = make(), response(), response()
            status, _, body = server.request("POST", "/v1/batches", batch(before, bad, after),
                                             device)
            assert status == 200, f"{name}: {status} {body}"
            receipt = json.loads(body)["receipt"]
            assert sorted(receipt["accepted"]) == sorted([before["id"], after["id"]]), name
            assert [one["id"] for one in receipt["refused"]] == [bad["id"]], name
            reason = receipt["refused"][0]["reason"]
            assert reason and "DROP" not in reason and "pigeon" not in reason, (name, reason)
            good += receipt["accepted"]
            status = server.request("POST", "/v1/responses", bad, token)[0]
            assert status in (413, 422), f"{name}: {status}"
        assert sorted(server.stored_ids()) == sorted(good)
        assert "pigeon" not in server.log_text()


def elements_of_no_known_shape_are_refused():
    with central() as server:
        server.add_unit()
        device, good = server.device(), response()
        elements = [1, None, "x", [], {}, {"id": good["id"]}, {"id": 7, "response": {}},
                    {"id": "x" * 5000, "response": {}}, {"id": "\u0000\u202e", "response": good},
                    {"id": str(uuid.uuid4()), "response": good, "more": 1},
                    {"id": good["id"], "response": good}]
        status, _, body = server.request("POST", "/v1/batches",
                                         {"protocol": 1, "responses": elements}, device)
        assert status == 200, body
        receipt = json.loads(body)["receipt"]
        assert receipt["accepted"] == [good["id"]]
        reasons = {one["reason"].split(";")[0] for one in receipt["refused"]}
        assert {"/responses/0: must be an object", "/responses/9/more: is an unknown field",
                } <= reasons, reasons
        assert server.stored_ids() == [good["id"]]


def the_same_id_with_other_answers_changes_nothing():
    with central() as server:
        server.add_unit()
        device, first = server.device(), response()
        second = {**first, "answers": {"nps": 0}}
        status, _, body = server.request("POST", "/v1/batches", batch(first, second, first), device)
        assert status == 200 and json.loads(body)["receipt"]["accepted"] == [first["id"]]
        assert server.request("POST", "/v1/batches", batch(second), device)[0] == 200
        out = server.command("export", "--format", "jsonl")[1]
        assert json.loads(out)["answers"]["nps"] == first["answers"]["nps"]


run(whole_batches_that_are_wrong_are_refused,
    bad_responses_are_refused_one_by_one_between_good_ones,
    elements_of_no_known_shape_are_refused, the_same_id_with_other_answers_changes_nothing)
