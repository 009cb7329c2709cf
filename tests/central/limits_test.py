"""Slow, silent, greedy and rude clients: every wait ends, every size has a limit, others go on."""
import pathlib
import signal
import socket
import ssl
import subprocess
import time
import warnings

from central_fixture import batch, central, command, response, run

SHORT = """
[timeouts]
header_ms = 1500
idle_ms = 2000
body_ms = 1500
write_ms = 1500
shutdown_ms = 1500
[limits]
connections = 16
requests_per_connection = 3
"""


def closed_after(link, limit_s):
    """Seconds until the other side closes."""
    link.settimeout(limit_s)
    start = time.monotonic()
    try:
        while link.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - start


def dial(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def drip(link, data, limit_s):
    """Sends a byte at a time until the other side closes; returns the seconds it took."""
    start = time.monotonic()
    link.settimeout(0.05)
    sent = 0
    while time.monotonic() - start < limit_s:
        try:
            link.sendall(data[sent % len(data):sent % len(data) + 1])
            sent += 1
            if not link.recv(1024):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - start


def slow_clients_are_cut_off_and_others_served():
    with central(SHORT) as server:
        links = [dial(server) for _ in range(8)]
        for link in links:
            link.sendall(b"GET /health HTTP/1.1\r\n")
        assert server.request("GET", "/health")[0] == 200
        for link in links:
            assert closed_after(link, 20) < 15
            link.close()
        with dial(server) as link:
            assert drip(link, b"X-Slow: yes\r\n", 20) < 15
        with dial(server) as link:
            link.sendall(b"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
            assert drip(link, b" ", 20) < 15
        with dial(server) as link:
            link.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert closed_after(link, 20) < 15
        assert server.request("GET", "/health")[0] == 200


def connections_beyond_the_cap_are_closed_and_room_returns():
    with central(SHORT) as server:
        links = [dial(server) for _ in range(40)]
        refused = 0
        for link in links:
            link.settimeout(0.3)
            try:
                refused += link.recv(1) == b""
            except ConnectionResetError:
                refused += 1
            except TimeoutError:
                pass
        assert refused >= 24, refused
        for link in links:
            link.close()
        deadline = time.monotonic() + 20
        while True:
            try:
                assert server.request("GET", "/health")[0] == 200
                break
            except OSError:
                assert time.monotonic() < deadline


def a_connection_is_closed_after_its_share_of_requests():
    with central(SHORT) as server:
        connection = server.connect()
        kept = [server.request("GET", "/health", connection=connection)[1].get("Connection")
                for _ in range(3)]
        assert kept == [None, None, "close"], kept
        connection.close()


def a_client_that_never_reads_does_not_hold_up_the_end():
    with central(SHORT) as server:
        with dial(server) as link:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            link.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
            start = time.monotonic()
            assert server.stop(signal.SIGTERM) == 0
            assert time.monotonic() - start < 15


def a_large_upload_is_invited_with_100_continue():
    with central() as server:
        with dial(server) as link:
            link.sendall(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                         b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
            assert link.recv(1024).startswith(b"HTTP/1.1 100")
            link.sendall(b"{}")
            assert link.recv(4096).startswith(b"HTTP/1.1 401")


def certificate(folder):
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True, timeout=60)
    return cert, key


def tls_serves_and_old_versions_and_silence_do_not():
    with central(SHORT) as server:
        server.stop()
        folder = pathlib.Path(server.folder)
        cert, key = certificate(folder)
        server.config.write_text(SHORT + f'[tls]\ncertificate = "{cert}"\nkey = "{key}"\n')
        server.start()
        trust = ssl.create_default_context(cafile=cert)
        with dial(server) as plain, trust.wrap_socket(plain, server_hostname="127.0.0.1") as link:
            assert link.version() in ("TLSv1.2", "TLSv1.3")
            link.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert link.recv(4096).startswith(b"HTTP/1.1 200")
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with dial(server) as plain:
            try:
                old.wrap_socket(plain)
            except (ssl.SSLError, OSError):
                pass
            else:
                raise AssertionError("TLS 1.1 was accepted")
        with dial(server) as silent:
            assert closed_after(silent, 20) < 15
        with dial(server) as plain:
            plain.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert closed_after(plain, 20) < 15
        assert server.stop() == 0


def from_elsewhere(server, request=b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"):
    """A request of a neighbour, whom loopback has many of; the head of the reply."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30,
                                  source_address=("127.0.0.77", 0)) as link:
        link.sendall(request)
        return link.recv(65536).decode()


def an_address_that_asks_too_often_waits_and_others_do_not():
    with central("[limits]\nrequests_per_minute = 5\n") as server:
        heads = [from_elsewhere(server) for _ in range(20)]
        served = [head.startswith("HTTP/1.1 200") for head in heads]
        assert all(served[:5]) and not all(served), served
        refused = heads[served.index(False)]
        assert refused.startswith("HTTP/1.1 429") and "Connection: close" in refused
        wait = int(refused.split("Retry-After: ")[1].split("\r\n")[0])
        assert 1 <= wait <= 12, wait
        # A proxy speaks for many, and has no limit of its own.
        assert all(server.request("GET", "/health")[0] == 200 for _ in range(20))
        assert server.log_text().count("limits: turned away") == 1
        assert "127.0.0" not in server.log_text()
    with central("[limits]\nrequests_per_minute = 5\nproxies = [\"127.0.0.77\"]\n") as server:
        assert all(from_elsewhere(server).startswith("HTTP/1.1 200") for _ in range(20))
        statuses = [server.request("GET", "/health")[0] for _ in range(20)]
        assert statuses[:5] == [200] * 5 and 429 in statuses
    with central("[limits]\nrequests_per_minute = 0\n") as server:
        assert all(from_elsewhere(server).startswith("HTTP/1.1 200") for _ in range(20))


def an_address_has_its_share_of_connections():
    with central("[limits]\nconnections_per_address = 4\n") as server:
        links = [socket.create_connection(("127.0.0.1", server.port), timeout=30,
                                          source_address=("127.0.0.77", 0)) for _ in range(10)]
        refused = 0
        for link in links:
            link.settimeout(0.3)
            try:
                refused += link.recv(1) == b""
            except ConnectionResetError:
                refused += 1
            except TimeoutError:
                pass
        assert refused == 6, refused
        assert server.request("GET", "/health")[0] == 200
        told = [line for line in server.log_text().splitlines() if "limits:" in line]
        assert len(told) == 1 and "connections closed at once" in told[0], told
        for link in links:
            link.close()
        deadline = time.monotonic() + 20
        while True:
            try:
                assert from_elsewhere(server).startswith("HTTP/1.1 200")
                break
            except (OSError, AssertionError):
                assert time.monotonic() < deadline


def a_device_that_sends_too_often_waits_and_others_do_not():
    with central("[devices]\nrequests_per_minute = 5\n") as server:
        server.add_unit()
        runaway, other = server.device(), server.device()
        answers = [server.request("POST", "/v1/batches", batch(response()), runaway)
                   for _ in range(9)]
        statuses = [status for status, _, _ in answers]
        assert statuses[:5] == [200] * 5 and statuses[5] == 429, statuses
        assert 1 <= int(answers[5][1]["Retry-After"]) <= 12
        assert len(server.stored_ids()) == statuses.count(200)
        assert server.request("POST", "/v1/batches", batch(response()), other)[0] == 200
        # Nobody takes tokens of a device without its credential.
        for _ in range(9):
            assert server.request("POST", "/v1/batches", batch(), "kaiku_d_wrong")[0] == 401


def a_header_of_many_fields_is_refused():
    with central("[limits]\nheader_fields = 20\n") as server:
        def ask(count):
            fields = b"".join(b"X-%d: y\r\n" % number for number in range(count))
            return from_elsewhere(server, b"GET /health HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n")
        assert ask(19).startswith("HTTP/1.1 200")
        assert ask(20).startswith("HTTP/1.1 431")


def wrong_limits_are_refused():
    with central() as server:
        for wrong in ('limits.proxies = "127.0.0.1"', 'limits.proxies = ["proxy"]',
                      "limits.requests_per_minute = -1", "limits.header_fields = 1",
                      "devices.requests_per_minute = true"):
            server.config.write_text(wrong + "\n")
            code, out, err = command("serve", "--config", str(server.config),
                                     store=server.folder / "other.db", check=False)
            assert code == 1 and out == "" and wrong.split(" ")[0] in err, (wrong, err)


def plain_http_stays_on_loopback():
    code, out, err = command("serve", "--listen", "0.0.0.0:0", "--store", "sqlite:/nonexistent/x",
                             check=False)
    assert code != 0 and out == "" and "loopback" in err and err.count("\n") == 1


run(slow_clients_are_cut_off_and_others_served,
    connections_beyond_the_cap_are_closed_and_room_returns,
    a_connection_is_closed_after_its_share_of_requests,
    a_client_that_never_reads_does_not_hold_up_the_end,
    a_large_upload_is_invited_with_100_continue,
    an_address_that_asks_too_often_waits_and_others_do_not,
    an_address_has_its_share_of_connections,
    a_device_that_sends_too_often_waits_and_others_do_not,
    a_header_of_many_fields_is_refused, wrong_limits_are_refused,
    tls_serves_and_old_versions_and_silence_do_not, plain_http_stays_on_loopback)
