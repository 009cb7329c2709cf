"""What whoever looks after central sees: its log, its figures and the dashboard over them, its /ready.
Usage: watching_test.py PROGRAM"""
import json
import pathlib
import re
import sqlite3

import yaml
from central_fixture import batch, central, response, run

OPERATIONS = pathlib.Path(__file__).parents[2] / "docs/operations"
METRIC = re.compile(r"\b(?:kaiku|process)_[a-z_]+\b")
JSON_LOG = 'log_format = "json"\nlog_requests = "all"\n'


def log_objects(server):
    """Every line of the log: each one JSON object."""
    return [json.loads(line) for line in server.log_text().splitlines()]


def every_line_of_a_json_log_is_one_object_without_answers():
    with central(JSON_LOG) as server:
        server.add_unit()
        token, device = server.token(), server.device()
        one = response(answers={"nps": 3, "text": 'Sanoin "hei"\nja lähdin'})
        sent = server.request("POST", "/v1/responses", one, token)
        assert sent[0] == 201
        assert server.request("POST", "/v1/batches", batch(one), device)[0] == 200
        assert server.request("GET", f"/nothing/{token}?a={token}")[0] == 404
        assert server.request("BREW", "/v1/responses")[0] == 405
        server.stop()
        lines = log_objects(server)
        for line in lines:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), line
            assert line["level"] in ("info", "warning", "error") and line["message"], line
        requests = [line for line in lines if line["message"] == "request"]
        seen = [(line["method"], line["route"], line["status"]) for line in requests]
        assert seen == [("POST", "/v1/enroll", 200), ("POST", "/v1/responses", 201),
                        ("POST", "/v1/batches", 200), ("GET", "other", 404),
                        ("other", "/v1/responses", 405)], seen
        assert all(isinstance(line["ms"], float) and line["ms"] > 0 for line in requests)
        ids = [line["request"] for line in requests]
        assert len(set(ids)) == 5 and all(re.fullmatch("[0-9a-f]{16}", each) for each in ids), ids
        assert sent[1]["X-Request-Id"] == ids[1]
        text = server.log_text()
        for secret in (token, device, one["id"], "Sanoin", "lähdin", "BREW"):
            assert secret not in text, secret


def what_fails_in_a_request_is_logged_under_its_id_and_the_rest_only_if_asked_for():
    with central('log_format = "json"\n[timeouts]\nstore_busy_ms = 50\n') as server:
        server.add_unit()
        token = server.token()
        assert server.request("POST", "/v1/responses", response(), token)[0] == 201
        with sqlite3.connect(server.store, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            status, headers, _ = server.request("POST", "/v1/responses", response(), token)
            other.execute("ROLLBACK")
        other.close()
        assert status == 503
        mine = [line for line in log_objects(server)
                if line.get("request") == headers["X-Request-Id"]]
        assert [line["level"] for line in mine] == ["error", "warning"], mine
        assert "another program holds the store" in mine[0]["message"]
        assert (mine[1]["route"], mine[1]["status"]) == ("/v1/responses", 503)
        assert not [line for line in log_objects(server) if line.get("status") == 201]


def the_level_is_heeded_and_wrong_settings_are_refused():
    with central('log_level = "error"\nlog_requests = "all"\n') as server:
        assert server.request("GET", "/health")[0] == 200
        assert server.stop() == 0
        assert server.log_text() == "", server.log_text()
    for key, value in (("log_format", "xml"), ("log_level", "loud"), ("log_requests", "some")):
        with central() as server:
            server.stop()
            server.config.write_text(f'{key} = "{value}"\n', encoding="utf-8")
            code, _, err = server.command("serve", "--config", str(server.config), check=False)
            assert code == 1 and err.count("\n") == 1 and f"central.toml:1: {key}: must be" in err, err


def exercised(server):
    """The figures of a server that did a bit of everything."""
    server.add_unit()
    token, device = server.token(), server.device()
    assert server.request("POST", "/v1/batches", batch(response(), response()), device)[0] == 200
    assert server.request("POST", "/v1/responses", response(), token)[0] == 201
    status, headers, body = server.request("GET", "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return body.decode()


def value_of(text, sample):
    found = [line for line in text.splitlines() if line.startswith(sample + " ")]
    assert len(found) == 1, (sample, text)
    return float(found[0].split()[1])


def figures_are_those_of_what_was_done():
    with central() as server:
        text = exercised(server)
        count = "kaiku_http_request_duration_seconds_count"
        assert value_of(text, count + '{route="/v1/batches",status="200"}') == 1
        assert value_of(text, count + '{route="/v1/responses",status="201"}') == 1
        assert value_of(text, 'kaiku_responses_stored_total{channel="kiosk"}') == 3
        assert value_of(text, "kaiku_commit_requests_count") == 2
        assert value_of(text, "kaiku_commit_responses_sum") == 3
        assert value_of(text, 'kaiku_devices{state="enrolled"}') == 1
        assert value_of(text, 'kaiku_devices{state="seen"}') == 1
        assert value_of(text, 'kaiku_store_duration_seconds_count{access="write"}') >= 2
        assert value_of(text, "kaiku_http_requests_waiting") == 0
        assert value_of(text, "kaiku_http_connections") >= 1
        resident = value_of(text, "process_resident_memory_bytes")
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
        said = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024
        assert abs(resident - said) < 4 << 20, (resident, said)
        assert value_of(text, "process_open_fds") > 5


def exposed(text):
    """Names of all samples, as they are and as a query may name their family."""
    return {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}


def every_metric_of_dashboard_and_alerts_is_exposed():
    board = json.loads((OPERATIONS / "grafana/kaiku-central.json").read_text(encoding="utf-8"))
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]]
    queries += [each["query"]["query"] for each in board["templating"]["list"]
                if each["type"] == "query"]
    rules = yaml.safe_load((OPERATIONS / "prometheus/kaiku-central.rules.yaml")
                           .read_text(encoding="utf-8"))
    queries += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    named = {name for query in queries for name in METRIC.findall(query)}
    with central() as server:
        known = exposed(exercised(server))
    assert len(panels) > 15 and len(named) > 20, named
    assert not named - known, f"named but not exposed: {sorted(named - known)}"
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in known}
    unseen = {name for name in families if not any(each.startswith(name) for each in named)}
    assert not unseen, f"exposed but on no panel: {sorted(unseen)}"
    assert len({panel["id"] for panel in panels}) == len(panels)


def ready_names_each_check():
    with central("[timeouts]\nstore_busy_ms = 50\n") as server:
        status, _, body = server.request("GET", "/ready")
        assert status == 200
        assert json.loads(body) == {"status": "ready", "checks": {
            name: {"ok": True} for name in ("disk", "schema", "keys", "store")}}
        with sqlite3.connect(server.store, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            status, headers, body = server.request("GET", "/ready")
            other.execute("ROLLBACK")
            checks = json.loads(body)["checks"]
            assert status == 503 and int(headers["Retry-After"]) > 0
            assert checks["disk"] == {"ok": True} and checks["schema"] == {"ok": True}
            why = "another program holds the store; see which, and end it"
            assert checks["store"] == {"ok": False, "why": why}
            assert json.loads(body)["detail"] == why
            # Another process upgrades the store while this one runs.
            other.execute("PRAGMA user_version = 99")
            status, _, body = server.request("GET", "/ready")
            checks = json.loads(body)["checks"]
            assert status == 503 and "newer program" in checks["schema"]["why"], body
        other.close()


run(every_line_of_a_json_log_is_one_object_without_answers,
    what_fails_in_a_request_is_logged_under_its_id_and_the_rest_only_if_asked_for,
    the_level_is_heeded_and_wrong_settings_are_refused,
    figures_are_those_of_what_was_done,
    every_metric_of_dashboard_and_alerts_is_exposed,
    ready_names_each_check)
