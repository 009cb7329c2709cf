"""Every command: what it prints when all is well, and one clear line when it is not."""
import json
import pathlib
import re
import stat
import subprocess
import tempfile

from central_fixture import PROGRAM, central, command, run


def refused(*arguments, says, **options):
    """The command fails with exactly one line on standard error, which says something."""
    code, out, err = command(*arguments, check=False, **options)
    assert code != 0, arguments
    assert out == "", (arguments, out)
    assert err.count("\n") == 1 and err.startswith("kaiku-central: "), (arguments, err)
    assert says in err, (arguments, err)


def in_folder(test):
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        test(pathlib.Path(folder))


def help_and_version_are_answered():
    assert command("--version")[1].startswith("kaiku-central ")
    for words in ([], ["serve"], ["unit", "add"], ["enroll"], ["token", "create"], ["report"],
                  ["device", "list"], ["device", "revoke"], ["device", "replace"],
                  ["key", "list"], ["key", "rotate"], ["key", "retire"], ["keyholder"],
                  ["export"]):
        assert "--help" in command(*words, "--help")[1]


def codes_and_tokens_stand_alone_on_their_line():
    def test(folder):
        store = folder / "central.db"
        command("unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A", "--oid",
                "urn:oid:1.2.246.10.12345678.10.7", store=store)
        codes = {command("enroll", "--unit", "a", store=store)[1] for _ in range(3)}
        assert len(codes) == 3
        assert all(re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}\n", c) for c in codes)
        token = command("token", "create", "--scope", "responses:write", store=store)[1]
        assert re.fullmatch(r"kaiku_t_[0-9a-f]{64}\n", token)
        content = b"".join(path.read_bytes() for path in folder.iterdir())
        for secret in [*codes, token]:
            assert secret.strip().encode() not in content
        assert stat.S_IMODE(store.stat().st_mode) == 0o600
    in_folder(test)


def devices_that_are_not_there_are_refused():
    def test(folder):
        store = folder / "central.db"
        command("unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A", store=store)
        for what in ("revoke", "replace"):
            refused("device", what, "--device", "x", store=store, says="there is no device 'x'")
        refused("device", "list", "--format", "xml", store=store, says="neither text nor json")
        assert command("device", "list", "--format", "json", store=store)[1] == "[]\n"
        assert command("device", "list", store=store)[1].count("\n") == 1
    in_folder(test)


def wrong_units_are_refused():
    def test(folder):
        store = folder / "central.db"
        names = ["--name-fi", "A", "--name-sv", "A"]
        command("unit", "add", "--code", "a", *names, store=store)
        refused("unit", "add", "--code", "a", *names, store=store, says="exists already")
        refused("unit", "add", "--code", "b", *names, "--parent", "x", store=store,
                says="does not exist")
        refused("unit", "add", "--code", "a b", *names, store=store, says="--code")
        refused("unit", "add", "--code", "c", "--name-fi", "", "--name-sv", "A", store=store,
                says="--name-fi")
        refused("unit", "add", "--code", "c", store=store, says="--name-fi")
        for name in ("a\x1b[0m", "a\nb", "a\x7f", "a\u009b31m", "a\u0085b", "\u202eterp", "a\u2066b",
                     "a\u200fb", "a\u2028b"):
            refused("unit", "add", "--code", "c", "--name-fi", name, "--name-sv", "A", store=store,
                    says="control characters")
            refused("unit", "add", "--code", "c", "--name-fi", "A", "--name-sv", name, store=store,
                    says="control characters")
        for oid in ("x", "1.2", "urn:oid:1.2.246.10.123.10.1", "1.2.246.10.1234567-8.10.1",
                    "1..2.3.4", "01.2.3.4"):
            refused("unit", "add", "--code", "c", *names, "--oid", oid, store=store, says="--oid")
        refused("enroll", "--unit", "nowhere", store=store, says="does not exist")
        refused("enroll", "--unit", "a", "--expires-hours", "0", store=store, says="expires-hours")
        refused("token", "create", "--scope", "everything", store=store, says="responses:write")
    in_folder(test)


def wrong_questions_are_refused():
    def test(folder):
        store = folder / "central.db"
        command("unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A", store=store)
        days = ["--from", "2026-11-01", "--to", "2026-11-30"]
        text = ["--format", "json"]
        refused("report", "--from", "2026-11-31", "--to", "2026-12-01", *text, store=store,
                says="--from")
        refused("report", "--from", "2026-11-30", "--to", "2026-11-01", *text, store=store,
                says="before")
        refused("report", *days, "--format", "html", store=store, says="--format")
        refused("report", *days, *text, "--by", "weather", store=store, says="--by")
        refused("report", *days, *text, "--unit", "x", store=store, says="does not exist")
        refused("report", *days, *text, "--min-n", "0", store=store, says="min-n")
        refused("report", *days, "--format", "text", "--lang", "de", store=store, says="--lang")
        refused("report", *days, *text, "--lang", "de", store=store, says="--lang: 'de'")
        refused("export", "--format", "xml", store=store, says="--format")
        refused("report", *days, *text, store=folder / "none.db", says="there is no file")
        assert not (folder / "none.db").exists()
        empty = json.loads(command("report", *days, *text, "--compare", "--without-flagged",
                                   store=store)[1])
        assert empty["total"]["n"] == 0 and empty["total"]["nps"]["value"] is None
        assert not empty["total"]["suppressed"]
    in_folder(test)


def wrong_stores_are_refused():
    days = ["report", "--from", "2026-11-01", "--to", "2026-11-30", "--format", "json"]
    refused(*days, "--store", "postgresql://nobody:hush@127.0.0.1:1/kaiku", says="does not answer")
    refused(*days, "--store", "mysql://x", says="sqlite:PATH")
    refused(*days, "--store", "sqlite:", says="sqlite:PATH")
    for lost in ("sqlite::memory:", "sqlite:file:x?mode=memory", "sqlite::"):
        refused("serve", "--listen", "127.0.0.1:0", "--store", lost, says="would not survive")
        refused(*days, "--store", lost, says="would not survive")

    def test(folder):
        mistyped = folder / "kaiku-cetnral" / "central.db"
        unit = ["unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A"]
        for line in (["serve", "--listen", "127.0.0.1:0"], unit,
                     ["token", "create", "--scope", "responses:write"], days):
            refused(*line, store=mistyped, says=f"no folder {mistyped.parent}; make it first")
        assert list(folder.iterdir()) == []
        mistyped.parent.mkdir()
        command(*unit, store=mistyped)
    in_folder(test)
    refused("frobnicate", says="--help")
    refused(says="--help")


def wrong_settings_are_refused():
    def test(folder):
        config = folder / "c.toml"
        serve = ["serve", "--config", str(config), "--store", f"sqlite:{folder}/central.db"]
        for text, says in (("listen = 1", "listen"), ("listen = 'nowhere'", "no address"),
                           ("listen = '127.0.0.1:99999'", "no address"), ("lisen = 'x'", "lisen"),
                           ("time_zone = 'Mars/Olympus'", "Mars/Olympus"), ("= 1", ":1"),
                           ("[limits]\nworkers = 0", "limits.workers"),
                           ("[timeouts]\nbody_ms = 'long'", "timeouts.body_ms"),
                           ("[tls]\ncertificate = '/nowhere'", "belong together"),
                           ("[tls]\ncertificate = '/nowhere'\nkey = '/nowhere'", "/nowhere"),
                           ("[report]\nminimum_n = 0", "report.minimum_n"),
                           ("listen = '192.0.2.1:80'", "loopback")):
            config.write_text(text)
            refused(*serve, says=says)
        for text, line in (("listen = 1", 1), ("\n# x\nlisen = 'x'", 3),
                           ("[limits]\n\nworkers = 0", 3), ("[report]\nminimum_n = 'x'", 2),
                           ("[web.instruments]\na = 1", 2), ("[nowhere]\na = 1", 2)):
            config.write_text(text)
            refused(*serve, says=f"c.toml:{line}: ")
        refused("serve", "--config", str(folder / "none.toml"), says="none.toml")
    in_folder(test)


def the_store_is_found_without_being_named():
    def test(folder):
        told = {"KAIKU_CENTRAL_DATA": str(folder / "data")}
        command("unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A",
                environment=told)
        assert (folder / "data/central.db").exists()
    in_folder(test)


def a_port_in_use_is_told():
    with central() as server:
        refused("serve", "--listen", f"127.0.0.1:{server.port}", store=server.store,
                says="cannot listen")


def output_that_does_not_arrive_is_an_error():
    def test(folder):
        store = folder / "central.db"
        command("unit", "add", "--code", "a", "--name-fi", "A", "--name-sv", "A", store=store)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "report", "--from", "2026-11-01", "--to", "2026-11-02",
                                   "--format", "json", "--store", f"sqlite:{store}"],
                                  stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
            assert done.returncode != 0 and b"output" in done.stderr
            for arguments in (["export", "--format", "csv"], ["enroll", "--unit", "a"],
                              ["report", "--from", "2026-11-01", "--to", "2026-11-02", "--format",
                               "text"]):
                done = subprocess.run([PROGRAM, *arguments, "--store", f"sqlite:{store}"],
                                      stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
                assert done.returncode != 0 and b"output" in done.stderr, arguments
            for arguments in (["--help"], ["--version"], ["report", "--help"]):
                done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE,
                                      timeout=60, check=False)
                assert done.returncode != 0 and b"output" in done.stderr, arguments
    in_folder(test)


run(help_and_version_are_answered, codes_and_tokens_stand_alone_on_their_line,
    devices_that_are_not_there_are_refused, wrong_units_are_refused, wrong_questions_are_refused, wrong_stores_are_refused,
    wrong_settings_are_refused, the_store_is_found_without_being_named, a_port_in_use_is_told,
    output_that_does_not_arrive_is_an_error)
