"""Mail servers and a webhook for tests of alerts, and a terminal that gives cause for one."""
import base64
import http.server
import pathlib
import socketserver
import ssl
import subprocess
import threading
import time

from central_fixture import DEADLINE_S
from device_key import SignedDevice, heartbeat

SECRET = "a secret of the webhook's"


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks enough of RFC 5321 to take letters; keeps them."""

    class Session(socketserver.StreamRequestHandler):
        def say(self, text):
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self):
            self.server.sessions += 1
            if self.server.hanging:
                self.server.comes_back.wait(DEADLINE_S)
                return
            self.say("220 test ESMTP")
            letter = {"to": []}
            while line := self.rfile.readline():
                verb = line.decode().strip()
                upper = verb.upper()
                if upper.startswith("EHLO"):
                    self.say("250-test")
                    self.say("250 8BITMIME")
                elif upper.startswith("MAIL FROM:"):
                    if self.server.broken:
                        self.say("451 come back later")
                        continue
                    letter["from"] = verb[10:]
                    self.say("250 ok")
                elif upper.startswith("RCPT TO:"):
                    letter["to"].append(verb[8:])
                    self.say("250 ok")
                elif upper == "DATA":
                    self.say("354 go on")
                    text = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        text += part
                    letter["text"] = text.decode()
                    self.server.letters.append(letter)
                    self.say("250 taken")
                elif upper == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("502 what?")

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Session)
        self.letters, self.broken = [], False
        self.sessions, self.hanging, self.comes_back = 0, False, threading.Event()


class Hook(http.server.ThreadingHTTPServer):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.server.hanging:
                self.server.sessions += 1
                self.server.comes_back.wait(DEADLINE_S)
                return
            if self.server.redirects_to:
                self.send_response(307)
                self.send_header("Location", self.server.redirects_to)
                self.send_header("Content-Length", "0")
                return self.end_headers()
            if not self.server.refuses:
                self.server.posts.append((dict(self.headers), body))
            self.send_response(500 if self.server.refuses else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.posts, self.refuses, self.redirects_to = [], False, None
        self.sessions, self.hanging, self.comes_back = 0, False, threading.Event()


def certificate(folder, name="cert"):
    """A certificate of this machine's that vouches for itself, and a server's side of TLS with it."""
    key, cert = pathlib.Path(folder) / f"{name}.key", pathlib.Path(folder) / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", f"/CN={name}", "-addext",
                    "subjectAltName=IP:127.0.0.1,IP:127.0.0.2"],
                   check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


class TlsMailServer(socketserver.ThreadingTCPServer):
    """A mail server beyond this machine, as far as libcurl can tell: STARTTLS (RFC 3207), or TLS
    from the first byte on, and AUTH (RFC 4954). Keeps the letters, and what it was told how."""

    class Session(socketserver.BaseRequestHandler):
        def say(self, text):
            self.file.write(text.encode() + b"\r\n")
            self.file.flush()

        def secure(self):
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
            self.file = self.request.makefile("rwb")
            self.secured = True

        def setup(self):
            self.secured, self.user = False, None
            self.request.settimeout(DEADLINE_S)

        def handle(self):
            try:
                if self.server.implicit:
                    self.secure()
                self.file = self.request.makefile("rwb")
                self.say("220 test ESMTP")
                while (line := self.file.readline()) and self.answer(line.decode().strip()):
                    pass
            except (ssl.SSLError, ConnectionError):
                self.server.broken_off += 1

        def answer(self, line):
            verb = line.upper().split(":")[0]
            self.server.heard.append((verb.split()[0], self.secured))
            if verb.startswith("EHLO"):
                self.say("250-test")
                if self.server.offers_tls and not self.secured:
                    self.say("250-STARTTLS")
                self.say("250 AUTH PLAIN")
            elif verb == "STARTTLS":
                self.say("220 go on")
                self.secure()
            elif verb.startswith("AUTH"):
                self.sign_in(line.split())
            elif verb == "MAIL FROM":
                self.letter = {"to": [], "user": self.user, "secured": self.secured}
                self.say("250 ok" if self.user else "530 sign in first")
            elif verb == "RCPT TO":
                refused = line[8:].strip("<> ") in self.server.refuses
                if not refused:
                    self.letter["to"].append(line[8:].strip("<> "))
                self.say("550 nobody of that name" if refused else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                text = b""
                while (part := self.file.readline()) != b".\r\n":
                    text += part
                self.letter["text"] = text.decode()
                self.server.letters.append(self.letter)
                self.say("250 taken")
            else:
                self.say("221 bye" if verb == "QUIT" else "502 what?")
            return verb != "QUIT"

        def sign_in(self, words):
            if len(words) < 3:
                self.say("334 ")
                words.append(self.file.readline().decode().strip())
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
            if self.server.accounts.get(user) == password:
                self.user = user
            self.say("235 welcome" if self.user else "535 who are you?")

    allow_reuse_address = daemon_threads = True

    def __init__(self, context, implicit=False, opens=True):
        """With `opens` false its port is its own, and closed until server_activate()."""
        super().__init__(("127.0.0.2", 0), self.Session, bind_and_activate=False)
        self.context, self.implicit, self.offers_tls = context, implicit, True
        self.letters, self.heard, self.broken_off = [], [], 0
        self.accounts, self.refuses = {}, set()
        self.server_bind()
        if opens:
            self.server_activate()


def serving(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def comes(what, server):
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until, server.log_text()
        time.sleep(0.1)


PACE = "[fleet]\nlook_seconds = 1\nbetween_minutes = 0\nsettle_minutes = 0\nsend_seconds = 2\n"


def mail_config(mail):
    return (f'mail_server = "smtp://127.0.0.1:{mail.server_address[1]}"\n'
            f'mail_from = "kaiku@example.fi"\nmail_to = ["care@example.fi", "it@example.fi"]\n')


def hook_config(hook):
    return (f'webhook_url = "http://127.0.0.1:{hook.server_address[1]}/alerts"\n'
            f'webhook_secret = "{SECRET}"\n')


def full_device(server):
    server.add_unit("a")
    device = SignedDevice(server, server.enrolment_code("a"))
    assert device.post("/v1/heartbeat", "heartbeat", heartbeat(free_mb=17))[0] == 200
    return device
