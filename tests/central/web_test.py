"""The survey on people's own phones, as a browser without script sees it."""
import html.parser
import json
import re
import sqlite3
import stat
import urllib.parse
import uuid

from central_fixture import central, run

CONFIG = '[web]\nurl = "http://127.0.0.1:8080"\n[timeouts]\nstore_busy_ms = 50\n'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LANGUAGES = ("fi", "sv", "en")


class Page(html.parser.HTMLParser):
    """Fields, buttons, ids, labels and texts of one page; fails on what a plain form cannot have."""

    def __init__(self, body):
        super().__init__()
        self.fields, self.radios, self.texts = {}, {}, {}
        self.ids, self.described, self.labelled = [], [], []
        self.open, self.lang, self.title, self.words = [], None, "", ""
        self.buttons, self.alerts, self.headings = [], 0, []
        self.feed(body)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        assert tag not in ("script", "iframe", "object", "img", "link", "a"), tag
        assert not [name for name in at if name.startswith("on") or name == "style"], at
        if tag not in ("input", "meta"):
            self.open.append(tag)
        if tag == "html":
            self.lang = at["lang"]
        if "id" in at:
            self.ids.append(at["id"])
        self.described += at.get("aria-describedby", "").split()
        self.alerts += at.get("role") == "alert"
        if tag == "input" and at["type"] == "hidden":
            self.fields[at["name"]] = at["value"]
        if tag == "input" and at["type"] == "radio":
            assert "label" in self.open and "fieldset" in self.open, at
            self.radios.setdefault(at["name"], []).append(at["value"])
            if "checked" in at:
                self.fields[at["name"]] = at["value"]
        if tag == "textarea":
            self.writing = at["name"]
            self.texts[at["name"]] = at["id"]
            self.fields[at["name"]] = ""
        if tag == "label" and "for" in at:
            self.labelled.append(at["for"])
        if tag == "button":
            self.buttons.append((at.get("name"), at.get("value")))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open}"
        self.open.pop()

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside == "textarea":
            self.fields[self.writing] += data.removeprefix("\n")
        elif inside == "title":
            self.title += data
        elif inside in ("h1", "h2"):
            self.headings.append(data)
        elif inside != "style":
            self.words += data + " "

    def check(self):
        assert self.lang in LANGUAGES and self.title and self.headings
        assert len(self.ids) == len(set(self.ids)), self.ids
        assert set(self.described) <= set(self.ids), self.described
        assert set(self.texts.values()) <= set(self.labelled)
        return self


def get(server, path, status=200, **headers):
    answer = server.request("GET", path, headers=headers)
    assert answer[0] == status, (answer[0], answer[2][:300])
    check_headers(answer[1])
    return Page(answer[2].decode()).check()


def check_headers(headers):
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, policy
    assert "form-action 'self'" in policy and "unsafe" not in policy and "base-uri 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in headers


def post(server, path, fields, status):
    body = urllib.parse.urlencode(fields).encode()
    answer = server.request("POST", path, body, headers=FORM)
    assert answer[0] == status, (answer[0], answer[2][:600])
    check_headers(answer[1])
    return answer


def stored(server):
    out = server.command("export", "--format", "jsonl")[1]
    return [json.loads(line) for line in out.splitlines()]


def the_form_asks_everything_in_three_languages_without_script():
    with central(CONFIG) as server:
        server.add_unit("K1")
        titles = set()
        for language in LANGUAGES:
            page = get(server, f"/s/K1?lang={language}")
            assert page.lang == language
            titles.add(page.title)
            assert page.radios["a.nps"] == [str(value) for value in range(11)] + [""]
            assert list(page.texts) == ["a.text"]
            assert ("to", "sv") in page.buttons
            assert page.buttons[0] == ("go", "on"), "Enter must send, not change the language"
        assert len(titles) == 3
        assert get(server, "/s/K1", **{"Accept-Language": "de, sv-FI;q=0.8, en"}).lang == "sv"
        assert get(server, "/s/k1").fields["id"] != get(server, "/s/K1").fields["id"]


def one_answer_is_stored_once_however_often_the_form_is_sent():
    with central(CONFIG) as server:
        server.add_unit("K1")
        fields = get(server, "/s/K1?lang=fi").fields
        fields |= {"a.nps": "9", "a.text": "Soita 040 123 4567 tai hetu 131052-308T\r\nKiitos"}
        for _ in range(2):
            status, headers, _ = post(server, "/s/K1", fields, 303)
            assert headers["Location"] == "/s/K1/done?lang=fi"
        thanks = get(server, headers["Location"])
        assert "Kiitos" in thanks.headings[0]
        (one,) = stored(server)
        assert one["id"] == fields["id"] and one["channel"] == "qr" and one["unit"] == "K1"
        assert one["answers"]["nps"] == 9 and one["language"] == "fi"
        assert one["answers"]["text"] == "Soita [tel] tai hetu [hetu]\nKiitos"
        assert one["answered_at"].endswith(":00:00Z")
        linked = get(server, "/s/K1?via=web").fields | {"a.nps": "0"}
        post(server, "/s/K1", linked, 303)
        assert sorted(each["channel"] for each in stored(server)) == ["qr", "web"]


def what_was_typed_stays_when_something_is_wrong():
    with central(CONFIG) as server:
        server.add_unit("K1")
        hostile = '"><script>alert(1)</script>&amp;\'</textarea><b onclick="x">'
        fields = get(server, "/s/K1?lang=en").fields
        nothing = Page(post(server, "/s/K1", fields, 422)[2].decode()).check()
        assert nothing.alerts == 1 and nothing.fields["id"] == fields["id"]
        fields |= {"a.nps": "7", "a.text": hostile + "x" * 2000}
        page = Page(post(server, "/s/K1", fields, 422)[2].decode()).check()
        assert page.fields["a.text"] == fields["a.text"] and page.fields["a.nps"] == "7"
        assert page.alerts == 1 and "q-text-error" in page.described
        fields["a.text"] = hostile
        switched = Page(post(server, "/s/K1", fields | {"to": "sv"}, 200)[2].decode()).check()
        assert switched.lang == "sv" and switched.fields["a.text"] == hostile
        with sqlite3.connect(server.store, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            answer = post(server, "/s/K1", fields, 503)
            assert "Retry-After" in answer[1]
            other.execute("ROLLBACK")
        other.close()
        replaced = fields | {"instrument": "quick-nps.999"}
        assert Page(post(server, "/s/K1", replaced, 422)[2].decode()).fields["a.nps"] == "7"
        assert stored(server) == []
        post(server, "/s/K1", fields, 303)
        assert stored(server)[0]["answers"]["text"] == hostile


def values_that_no_form_offers_count_as_no_answer():
    with central(CONFIG) as server:
        server.add_unit("K1")
        fields = get(server, "/s/K1").fields
        for value in ("11", "-1", "9x", " 9", "010", "🙂"):
            post(server, "/s/K1", fields | {"a.nps": value}, 422)
        for body in (b"a=%", b"a=%zz", b"a=%ff", b"\xff", b"", b"&".join([b"a%d=1" % n for n in range(200)]),
                     b"a=" + b"x" * 70000):
            status, headers, content = server.request("POST", "/s/K1", body, headers=FORM)
            assert status == 400, (status, body[:20])
            check_headers(headers)
            Page(content.decode()).check()
        status, _, _ = server.request("POST", "/s/K1", b"{}")
        assert status == 400
        assert server.request("PUT", "/s/K1", b"")[0] == 405
        assert stored(server) == []


def an_unknown_code_gets_a_friendly_page_in_every_language():
    with central(CONFIG) as server:
        server.add_unit("K1")
        server.add_unit("twin")
        server.add_unit("TWIN")
        for path in ("/s/", "/s/nowhere", "/s/Twin", "/s/K1/x", "/s/K1/", "/s/%3Cscript%3E",
                     "/s/<script>alert(1)</script>"):
            page = get(server, urllib.parse.quote(path, safe="/%<>()"), 404)
            assert len(page.headings) == 3, page.headings
        assert get(server, "/s/twin").lang == "fi"


def hostile_names_stay_text():
    with central(CONFIG) as server:
        server.command("unit", "add", "--code", "x", "--name-fi", "<img src=x onerror=alert(1)>",
                       "--name-sv", "</title><script>1</script>")
        assert "<img src=x onerror=alert(1)>" in get(server, "/s/x?lang=fi").words
        assert "</title><script>1</script>" in get(server, "/s/x?lang=sv").title
        assert get(server, '/s/x?lang="><script>&via="><script>').lang == "fi"


def a_unit_may_have_a_survey_of_its_own():
    config = CONFIG.replace("[timeouts]", '[web.instruments]\nK2 = "national-adult"\n[timeouts]')
    with central(config) as server:
        server.add_unit("K1")
        server.add_unit("K2")
        page = get(server, "/s/K2?lang=sv")
        statements = [name for name, values in page.radios.items() if "cant_say" in values]
        assert len(statements) >= 5, page.radios
        assert get(server, "/s/K1").fields["instrument"] == "quick-nps.1"
        fields = page.fields | {name: "4" for name in statements} | {statements[0]: "cant_say"}
        post(server, "/s/K2", fields, 303)
        (one,) = stored(server)
        assert one["instrument"] == "national-adult" and one["answers"]["cant_say"] == [statements[0][2:]]
        assert set(one["answers"]["statements"].values()) == {4}


def a_damaged_or_foreign_code_starts_afresh_and_says_so():
    with central(CONFIG) as server:
        server.add_unit("K1")
        for sealed in ("AAAA", "%00", "<script>", "A" * 3000, "AEBAGBAF" * 20):
            page = get(server, "/s/K1?lang=en&t=" + urllib.parse.quote(sealed))
            assert "no longer valid" in page.words
            assert uuid.UUID(page.fields["id"]).version == 4


def the_key_is_made_once_and_told_at_enrolment():
    with central(CONFIG) as server:
        server.add_unit("K1")
        path = server.store.with_name("central.db.key")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        secret = path.read_text(encoding="utf-8")

        def told():
            body = {"protocol": 1, "code": server.enrolment_code("K1")}
            return json.loads(server.request("POST", "/v1/enroll", body)[2])["device"]
        device = told()
        assert device["web_url"] == "http://127.0.0.1:8080"
        assert re.fullmatch(r"[A-Z2-7]{52}", device["sealing_key"])
        assert device["sealing_key"] not in secret
        assert server.stop() == 0
        server.start()
        assert told()["sealing_key"] == device["sealing_key"]
        assert path.read_text(encoding="utf-8") == secret
        assert device["sealing_key"] not in server.log_text()


def without_a_web_address_there_is_no_web_survey():
    with central() as server:
        server.add_unit("K1")
        assert server.request("GET", "/s/K1")[0] == 404
        body = {"protocol": 1, "code": server.enrolment_code("K1")}
        device = json.loads(server.request("POST", "/v1/enroll", body)[2])["device"]
        assert "web_url" not in device and "sealing_key" in device
        assert server.store.with_name("central.db.key").stat().st_mode & 0o077 == 0


def a_wrong_setting_is_told_in_one_line():
    with central() as server:
        for config, word in (('[web]\nurl = "palaute.example.fi"\n', "https://palaute.example.fi"),
                             ('[web]\nurl = "https://a.fi"\ninstrument = "none"\n', "none"),
                             ('[web]\nurl = "https://a.fi"\n[web.instruments]\nK1 = 5\n', "K1")):
            server.config.write_text(config, encoding="utf-8")
            code, _, error = server.command("serve", "--listen", "127.0.0.1:0", "--config",
                                            str(server.config), check=False)
            assert code == 1 and word in error and error.count("\n") == 1, error


run(the_form_asks_everything_in_three_languages_without_script,
    one_answer_is_stored_once_however_often_the_form_is_sent,
    what_was_typed_stays_when_something_is_wrong,
    values_that_no_form_offers_count_as_no_answer,
    an_unknown_code_gets_a_friendly_page_in_every_language,
    hostile_names_stay_text,
    a_unit_may_have_a_survey_of_its_own,
    a_damaged_or_foreign_code_starts_afresh_and_says_so,
    the_key_is_made_once_and_told_at_enrolment,
    without_a_web_address_there_is_no_web_survey,
    a_wrong_setting_is_told_in_one_line)
