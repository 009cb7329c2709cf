"""The fleet as an operator sees it: the real server, the real commands, a device that signs."""
import json
import time

from central_fixture import central, run
from device_key import SignedDevice, heartbeat


def values_of(device):
    status, _, body = device.config()
    assert status == 200, body
    return json.loads(body)["config"]["values"]


def becomes(device, expected):
    """The server reads configurations anew every five seconds."""
    until = time.monotonic() + 30
    while (values := values_of(device)) != expected:
        assert time.monotonic() < until, values
        time.sleep(0.2)


def fleet(server, *words, **options):
    return server.command("fleet", *words, **options)[1]


def refused(server, *words, says):
    code, _, err = server.command("fleet", *words, check=False)
    assert code == 1 and err.count("\n") == 1 and says in err, (words, err)


def a_unit_is_set_up_and_undone_and_the_tree_inherits():
    with central() as server:
        server.add_unit("county")
        server.add_unit("desk", "county")
        device = SignedDevice(server, server.enrolment_code("desk"))
        identity = device.told["id"]
        assert fleet(server, "config", "set", "--unit", "county", "theme=contrast-dark",
                     "opening_hours=mon-fri 08:00-16:00") == \
            "unit county: version 1 for 100 % of its devices\n"
        fleet(server, "config", "set", "--device", identity, "text_s=45")
        everything = {"theme": "contrast-dark", "opening_hours": "mon-fri 08:00-16:00",
                      "text_s": "45"}
        becomes(device, everything)
        fleet(server, "config", "set", "--unit", "county", "theme=contrast-light", "--percent", "0")
        shown = json.loads(fleet(server, "show", "--device", identity, "--format", "json"))
        assert shown["values"] == everything
        assert shown["sources"]["theme"] == {"scope": "unit county", "version": 1}
        fleet(server, "config", "roll-out", "--unit", "county", "--version", "2")
        becomes(device, everything | {"theme": "contrast-light"})
        assert fleet(server, "config", "undo", "--unit", "county") == \
            "unit county: version 2 for 0 % of its devices\n"
        becomes(device, everything)
        fleet(server, "config", "set", "--device", identity, "text_s=")
        del everything["text_s"]
        becomes(device, everything)
        versions = json.loads(fleet(server, "config", "show", "--unit", "county",
                                    "--format", "json"))
        assert [(each["version"], each["percent"]) for each in versions] == [(1, 100), (2, 0)]


def groups_are_set_up_alike():
    with central() as server:
        server.add_unit("a")
        device = SignedDevice(server, server.enrolment_code("a"))
        other = SignedDevice(server, server.enrolment_code("a"))
        fleet(server, "group", "add", "--group", "lobby", "--device", device.told["id"])
        fleet(server, "config", "set", "--group", "lobby", "first_language=sv")
        becomes(device, {"first_language": "sv"})
        assert values_of(other) == {}
        assert fleet(server, "group", "list") == f"lobby  {device.told['id']}\n"
        fleet(server, "group", "remove", "--group", "lobby", "--device", device.told["id"])
        becomes(device, {})


def what_a_device_told_is_listed():
    with central() as server:
        server.add_unit("a")
        device = SignedDevice(server, server.enrolment_code("a"))
        assert "never" in fleet(server, "list")
        beat = heartbeat(waiting=7, free_mb=3210, errors={"network": 4},
                         last_answer="2026-11-23T09:00:00Z")
        assert device.post("/v1/heartbeat", "heartbeat", beat)[0] == 200
        told = json.loads(fleet(server, "list", "--format", "json"))
        assert len(told) == 1
        one = told[0]
        assert (one["waiting"], one["free_mb"], one["version"]) == (7, 3210, "0.3.0")
        assert one["last_answer"] == "2026-11-23T09:00:00Z" and one["errors"] == {"network": 4}
        assert one["config"] == "as set"
        line = fleet(server, "list").splitlines()[1]
        assert device.told["id"] in line and "3210" in line and "as set" in line
        fleet(server, "config", "set", "--everywhere", "theme=contrast-dark")
        assert "not yet" in fleet(server, "list")
        becomes(device, {"theme": "contrast-dark"})
        version = json.loads(device.config()[2])["config"]["version"]
        beat = heartbeat(config_refused=version, config_trouble="theme: no such thing here")
        assert device.post("/v1/heartbeat", "heartbeat", beat)[0] == 200
        shown = fleet(server, "show", "--device", device.told["id"])
        assert "config   refused" in shown and "theme: no such thing here" in shown
        assert fleet(server, "alerts") == "nothing is wrong\n"


def what_is_wrong_is_refused_in_one_line():
    with central() as server:
        server.add_unit("a")
        refused(server, "config", "set", "--unit", "a", "theme=pink", says="theme: must be")
        refused(server, "config", "set", "--unit", "a", "colour=red", says="is no setting")
        refused(server, "config", "set", "--unit", "a", "theme", says="key=value")
        refused(server, "config", "set", "--unit", "b", "theme=default", says="no unit 'b'")
        refused(server, "config", "set", "--device", "d", "theme=default", says="no device 'd'")
        refused(server, "config", "set", "theme=default", says="--everywhere")
        refused(server, "config", "undo", "--unit", "a", says="no such version")
        refused(server, "config", "set", "--unit", "a", "--percent", "101", "theme=default",
                says="percent")
        refused(server, "group", "add", "--group", "Aula 1", "--device", "d", says="--group")
        refused(server, "list", "--format", "xml", says="--format")


if __name__ == "__main__":
    run(a_unit_is_set_up_and_undone_and_the_tree_inherits, groups_are_set_up_alike,
         what_a_device_told_is_listed, what_is_wrong_is_refused_in_one_line)
