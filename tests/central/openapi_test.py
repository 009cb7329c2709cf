"""Holds docs/openapi.yaml against the running server: every path, method and status in it is
exercised, every body fits its schema, and a status that is not described fails."""
import gzip
import json
import pathlib
import socket
import sqlite3
import urllib.parse
import uuid

import jsonschema
import yaml

from central_fixture import batch, central, response, run
from device_key import SignedDevice, heartbeat

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPEC = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
CONFIG = "[web]\nurl = \"https://palaute.example.fi\"\n[timeouts]\nstore_busy_ms = 50\n[enrolment]\nfailures_per_minute = 3\n" \
    "[limits]\nrequests_per_minute = 3\n"


def resolve(node):
    while "$ref" in node:
        target = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def validate(schema, value):
    resolver = jsonschema.RefResolver("", SPEC)
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)


class Held:
    """Checks each answer against the description and remembers what was seen."""

    def __init__(self, server):
        self.server = server
        self.seen = set()

    def check(self, method, path, answer):
        status, headers, body = answer
        operation = SPEC["paths"].get(path, {}).get(method.lower(), {})
        described = operation.get("responses", {}).get(str(status))
        key = (method, path, str(status))
        if described is None:
            described = SPEC["x-everywhere"].get(str(status))
            key = ("*", "*", str(status))
        assert described, f"{method} {path} answered {status}, which is not described: {body[:200]}"
        described = resolve(described)
        lower = {name.lower(): value for name, value in headers.items()}
        for name, header in described.get("headers", {}).items():
            assert not header.get("required") or name.lower() in lower, f"{key}: no {name}"
            if name.lower() in lower and name.startswith("Kaiku-"):
                sent = lower[name.lower()]
                whole = resolve(header["schema"]).get("type") == "integer"
                validate(header["schema"], int(sent) if whole else sent)
        undescribed = {name for name in lower if name.startswith("kaiku-")} - {
            name.lower() for name in described.get("headers", {})}
        assert not undescribed, f"{key}: {undescribed} not described"
        if status == 304:
            assert body == b""
            self.seen.add(key)
            return status
        media = lower["content-type"].split(";")[0]
        assert media in described["content"], f"{key}: {media} is not described"
        schema = described["content"][media]["schema"]
        value = json.loads(body) if media.endswith("json") else body.decode()
        validate(schema, value)
        if media == "application/problem+json":
            assert value["status"] == status
        self.seen.add(key)
        return status

    def request(self, method, path, *arguments, **options):
        return self.check(method, path,
                          self.server.request(method, path, *arguments, **options))


def raw(server, data, source="127.0.0.1"):
    """Sends bytes as they are; returns (status, headers, body)."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30,
                                  source_address=(source, 0)) as link:
        link.sendall(data)
        whole = b""
        while chunk := link.recv(65536):
            whole += chunk
    head, body = whole.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    return int(lines[0].split()[1]), dict(line.split(": ", 1) for line in lines[1:]), body


def exercise_writing(held, token, device):
    one = response()
    validate({"$ref": "#/components/schemas/Response"}, one)
    validate({"$ref": "#/components/schemas/Batch"}, batch(one))
    assert held.request("POST", "/v1/responses", one, token) == 201
    assert held.request("POST", "/v1/responses", one, token) == 200
    bad = response(unit="nowhere")
    answer = held.server.request("POST", "/v1/batches", batch(response(), bad, one), device)
    assert held.check("POST", "/v1/batches", answer) == 200
    receipt = json.loads(answer[2])["receipt"]
    assert len(receipt["accepted"]) == 2 and receipt["refused"][0]["id"] == bad["id"]
    held.request("POST", "/v1/responses", one, device)
    held.request("POST", "/v1/batches", batch(one), token)


def exercise_refusals(held, bearers):
    for path, bearer in bearers.items():
        options = {"bearer": bearer} if bearer else {}
        assert held.request("POST", path, b"{", **options) == 400
        assert held.request("POST", path, b'{"protocol":1}', **options) == 422
        large = b" " * (4 * 1024 * 1024)
        assert held.request("POST", path, large + b" ", **options) == 413
        text = {"headers": {"Content-Type": "text/plain"}}
        assert held.request("POST", path, b"{}", **options, **text) == 415
        packed = {"headers": {"Content-Encoding": "gzip"}}
        answer = held.server.request("POST", path, gzip.compress(b"{}"), **options, **packed)
        assert held.check("POST", path, answer) == 415
        assert b"without Content-Encoding" in answer[2]
        assert answer[1]["Accept-Encoding"] == "identity"
        plain = {"headers": {"Content-Encoding": "identity"}}
        assert held.request("POST", path, b"{", **options, **plain) == 400
        if bearer:
            assert held.request("POST", path, b"{}", bearer="unknown") == 401
            assert held.request("POST", path, b"{}") == 401


def exercise_devices(held):
    server = held.server
    device = SignedDevice(server, server.enrolment_code())
    validate({"$ref": "#/components/schemas/Enrolled"}, {"protocol": 1, "device": device.told})
    validate({"$ref": "#/components/schemas/Renewal"}, device.renewal())

    def batches(answer):
        return held.check("POST", "/v1/batches", answer)
    one = batch(response())
    answer = device.batch(one)
    assert batches(answer) == 200 and device.is_central("receipt", answer)
    assert "Kaiku-Renew" not in answer[1]
    assert batches(device.batch(one, 1)) == 200  # the very same again
    assert batches(device.batch(one, 5)) == 200
    assert batches(device.batch(one, 1)) == 409
    answer = device.batch(batch(response()), 5)
    assert batches(answer) == 409 and answer[1]["Kaiku-Number"] == "6"
    assert batches(server.request("POST", "/v1/batches", one, device.told["credential"])) == 401

    def renew(answer):
        return held.check("POST", "/v1/renew", answer)
    answer = device.renew(6)
    assert renew(answer) == 200 and device.is_central("credential", answer)
    assert renew(device.renew(6)) == 409
    assert renew(server.request("POST", "/v1/renew", device.renewal())) == 401
    counts = {name: 1 for name in ("shown", "started", "answered", "skipped", "timed_out", "moved",
                                   "stored")}
    told = {"protocol": 1, "ledger": {"days": [{"day": "2026-11-22", **counts}], "waiting": 0,
                                      "quarantined": 0}}
    validate({"$ref": "#/components/schemas/Ledger"}, told)

    def ledger(number=None):
        return device.post("/v1/ledger", "ledger", told, number)

    def ledgers(answer):
        return held.check("POST", "/v1/ledger", answer)
    answer = ledger()
    assert ledgers(answer) == 200 and device.is_central("received", answer)
    assert ledgers(ledger(device.number)) == 409
    with sqlite3.connect(server.store, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert renew(device.renew(17)) == 503
        assert ledgers(ledger()) == 503
        other.execute("ROLLBACK")
        other.execute("UPDATE devices SET revoked_at = 1 WHERE id = ?", (device.told["id"],))
    other.close()
    assert renew(device.renew(28)) == 403
    assert ledgers(ledger()) == 403
    answer = device.batch(one, 39)
    assert batches(answer) == 403 and answer[1]["Kaiku-Reason"] == "revoked"


def exercise_fleet(held):
    server = held.server
    device = SignedDevice(server, server.enrolment_code())
    server.command("fleet", "config", "set", "--everywhere", "theme=contrast-dark")
    beat = heartbeat()
    validate({"$ref": "#/components/schemas/Heartbeat"}, beat)

    def told(number=None):
        return held.check("POST", "/v1/heartbeat",
                          device.post("/v1/heartbeat", "heartbeat", beat, number))

    def asked(number=None, **headers):
        answer = device.config(number, headers)
        return held.check("GET", "/v1/config", answer), answer
    assert told() == 200 and told(device.number) == 409
    status, answer = asked()
    assert status == 200 and device.is_central("config", answer)
    assert json.loads(answer[2])["config"]["values"] == {"theme": "contrast-dark"}
    status, answer = asked(**{"If-None-Match": answer[1]["ETag"]})
    assert status == 304 and device.is_central("config", answer)
    assert asked(device.number)[0] == 409
    assert held.request("GET", "/v1/config") == 401
    with sqlite3.connect(server.store, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert told() == 503 and asked()[0] == 503
        other.execute("ROLLBACK")
        other.execute("UPDATE devices SET revoked_at = 1 WHERE id = ?", (device.told["id"],))
    other.close()
    assert told() == 403 and asked()[0] == 403


def exercise_pages(held):
    server, path = held.server, "/s/{code}"

    def form(fields, code="a", **options):
        body = urllib.parse.urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return held.check("POST", path, server.request("POST", f"/s/{code}", body, headers=headers))
    sent = {"id": str(uuid.uuid4()), "instrument": "quick-nps.1", "page": "0", "a.nps": "9"}
    assert held.check("GET", path, server.request("GET", "/s/a?lang=sv")) == 200
    assert held.check("GET", path, server.request("GET", "/s/nowhere")) == 404
    assert form(sent | {"to": "en"}) == 200
    assert form(sent) == 303 and form(sent) == 303
    assert form({}) == 400
    assert form(sent, "nowhere") == 404
    assert form(sent | {"a.nps": ""}) == 422
    with sqlite3.connect(server.store, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert form(sent) == 503
        other.execute("ROLLBACK")
    other.close()


def exercise_everywhere(held):
    server = held.server
    assert held.request("GET", "/nothing") == 404
    assert held.request("GET", "/v1/responses") == 405
    assert held.request("PUT", "/health") == 405
    assert held.check("GET", "/nothing", raw(server, b"NONSENSE\r\n\r\n")) == 400
    for wrong in (b"GET /health HTTP/1.1\r\n\r\n",
                  b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"):
        assert held.check("GET", "/health", raw(server, wrong)) == 400
    assert held.check("GET", "/health", raw(server, b"GET /health HTTP/1.0\r\n\r\n")) == 200
    for coding in (b"gzip", b"chunked, gzip", b"identity"):
        hidden = (b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + coding +
                  b"\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert held.check("POST", "/nothing", raw(server, hidden)) == 400, coding
    absolute = b"GET http://x/health HTTP/1.0\r\n\r\n"
    assert held.check("GET", "/health", raw(server, absolute)) == 200
    packed = b"PUT /nothing HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\n\r\n"
    assert held.check("PUT", "/nothing", raw(server, packed)) == 415
    header = b"GET /nothing HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20000 + b"\r\n\r\n"
    assert held.check("GET", "/nothing", raw(server, header)) == 431
    large = b"PUT /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n"
    assert held.check("PUT", "/nothing", raw(server, large)) == 413
    often = b"GET /nothing HTTP/1.0\r\n\r\n"
    statuses = [held.check("GET", "/nothing", raw(server, often, "127.0.0.77")) for _ in range(6)]
    assert statuses[:3] == [404] * 3 and 429 in statuses, statuses
    status, headers, body = server.request("HEAD", "/health")
    assert (status, body) == (200, b"") and int(headers["Content-Length"]) > 0


def exercise_broken_store(held, token, device):
    code = held.server.enrolment_code()
    with sqlite3.connect(held.server.store, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert held.request("POST", "/v1/responses", response(), token) == 503
        assert held.request("POST", "/v1/batches", batch(response()), device) == 503
        assert held.request("POST", "/v1/enroll", {"protocol": 1, "code": code}) == 503
        assert held.request("GET", "/ready") == 503
        assert held.request("GET", "/health") == 200
        other.execute("ROLLBACK")
    other.close()
    assert held.request("GET", "/ready") == 200
    assert held.request("POST", "/v1/enroll", {"protocol": 1, "code": code}) == 200


def the_description_and_the_server_say_the_same():
    with central(CONFIG) as server:
        server.add_unit()
        held = Held(server)
        token, device = server.token(), server.device()
        exercise_writing(held, token, device)
        exercise_refusals(held, {"/v1/responses": token, "/v1/batches": device, "/v1/enroll": None,
                                 "/v1/renew": None, "/v1/ledger": device,
                                 "/v1/heartbeat": device})
        exercise_devices(held)
        exercise_fleet(held)
        exercise_everywhere(held)
        exercise_pages(held)
        exercise_broken_store(held, token, device)
        assert held.request("GET", "/metrics") == 200
        wrong = {"protocol": 1, "code": "ABCD-EFGH-JKLM"}
        for _ in range(3):
            assert held.request("POST", "/v1/enroll", wrong) == 401
        assert held.request("POST", "/v1/enroll", wrong) == 429
        described = {(method.upper(), path, status)
                     for path, item in SPEC["paths"].items()
                     for method, operation in item.items() if method != "parameters"
                     for status in operation["responses"]}
        described |= {("*", "*", status) for status in SPEC["x-everywhere"]}
        missing = described - held.seen
        assert not missing, f"described but never seen: {sorted(missing)}"


def a_status_that_is_not_described_fails():
    with central() as server:
        held = Held(server)
        try:
            held.check("GET", "/health", (418, {"Content-Type": "application/json"}, b"{}"))
        except AssertionError as failure:
            assert "not described" in str(failure)
        else:
            raise AssertionError("418 passed")


run(the_description_and_the_server_say_the_same, a_status_that_is_not_described_fails)
