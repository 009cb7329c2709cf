"""A device's Ed25519 key for tests, with libsodium: signs as docs/formats/wire-and-outbox.md says."""
import base64
import ctypes
import ctypes.util
import json
import os

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium"))
assert SODIUM.sodium_init() >= 0


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class DeviceKey:
    def __init__(self, seed=None):
        public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        SODIUM.crypto_sign_seed_keypair(public, secret, seed or os.urandom(32))
        self.public, self.secret = public.raw, secret.raw
        self.text = base64.b32encode(self.public).rstrip(b"=").decode()

    def sign(self, message):
        out = ctypes.create_string_buffer(64)
        SODIUM.crypto_sign_detached(out, None, message, ctypes.c_ulonglong(len(message)),
                                    self.secret)
        return base64url(out.raw)


def verify(public_text, message, signature):
    public = base64.b32decode(public_text + "=" * (-len(public_text) % 8))
    return SODIUM.crypto_sign_verify_detached(from_base64url(signature), message,
                                              ctypes.c_ulonglong(len(message)), public) == 0


def text_of(kind, device, number, body):
    return f"1//{kind}//{device}//{number}//".encode() + body


def heartbeat(**changes):
    """A sign of life, with changes."""
    told = {"version": "0.3.0", "free_mb": 5000, "clock": "2026-11-23T10:00:00Z", "waiting": 0,
            "quarantined": 0, "last_answer": None, "errors": {}, "config": "",
            "config_refused": "", "config_trouble": ""}
    return {"protocol": 1, "heartbeat": told | changes}


class SignedDevice:
    """An enrolled device of a central_fixture.Central; enrols itself."""

    def __init__(self, server, code):
        self.server, self.key, self.number = server, DeviceKey(), 0
        status, _, body = server.request("POST", "/v1/enroll", {
            "protocol": 1, "code": code, "public_key": self.key.text})
        assert status == 200, body
        self.told = json.loads(body)["device"]

    def signed(self, kind, value, number=None):
        """Body and headers of the next message."""
        self.number = number if number is not None else self.number + 1
        body = json.dumps(value).encode()
        text = text_of(kind, self.told["id"], self.number, body)
        return body, {"Kaiku-Number": str(self.number), "Kaiku-Signature": self.key.sign(text)}

    def post(self, path, kind, value, number=None, **options):
        body, headers = self.signed(kind, value, number)
        return self.server.request("POST", path, body, self.told["credential"], headers, **options)

    def batch(self, value, number=None):
        return self.post("/v1/batches", "batch", value, number)

    def config(self, number=None, headers=None):
        self.number = number if number is not None else self.number + 1
        text = text_of("config-request", self.told["id"], self.number, b"")
        signed = {"Kaiku-Number": str(self.number), "Kaiku-Signature": self.key.sign(text)}
        return self.server.request("GET", "/v1/config", None, self.told["credential"],
                                   signed | (headers or {}))

    def renewal(self):
        return {"protocol": 1, "renewal": {"device": self.told["id"],
                                           "public_key": self.key.text}}

    def renew(self, number=None):
        return self.post("/v1/renew", "renewal", self.renewal(), number)

    def is_central(self, kind, answer):
        """Whether central signed this answer to the last message."""
        _, headers, body = answer
        return verify(self.told["signing_key"],
                      text_of(kind, self.told["id"], self.number, body),
                      headers["Kaiku-Signature"])
