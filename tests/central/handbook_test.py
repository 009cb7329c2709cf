"""Does every step of docs/operations/administrator.md, in folders of its own, as the page says. What needs
the machine itself stands in for it here: systemctl starts the units' own commands in the units' own
environment and holds the port, users are one. Usage: handbook_test.py PROGRAM"""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading

PROGRAM = pathlib.Path(sys.argv[1])
SOURCE = pathlib.Path(__file__).parents[2]
PAGE = SOURCE / "docs/operations/administrator.md"
DEADLINE_S = 60
SHIMS = {"systemd-sysusers": "exit 0\n", "runuser": 'shift 3\nexec "$@"\n',
         # No such users here: whoever runs this owns everything.
         "install": 'for a; do shift; case "$a" in -o|-g) skip=1;; *) [ -n "$skip" ] && skip= || set -- "$@" "$a";; '
                    'esac; done\nexec /usr/bin/install "$@"\n',
         "systemctl": 'printf "%s\\n" "$*" | exec {python} -c \'import socket,sys; '
                      's=socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect("{socket}"); '
                      's.sendall(sys.stdin.buffer.read()); r=s.recv(4096).decode(); print(r); '
                      'sys.exit(r != "ok")\'\n'}


class Manager(threading.Thread):
    """systemd's part: holds the port of kaiku-central.socket, runs kaiku-central.service."""

    def __init__(self, root, place):
        super().__init__(daemon=True)
        self.root, self.place, self.process, self.held, self.done = root, place, None, None, []
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(root / "manager"))
        self.listening.listen()
        self.ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ready.bind(str(root / "notify"))
        self.ready.settimeout(DEADLINE_S)

    def run(self):
        while True:
            try:
                caller, _ = self.listening.accept()
            except OSError:
                return  # closed: the test is over
            with caller:
                words = caller.recv(4096).decode().split()
                try:
                    self.obey(words[0], [word for word in words[1:] if word != "--now"])
                    caller.sendall(b"ok")
                except Exception as error:  # whatever it is, the step fails with it
                    caller.sendall(f"failed: {error!r}".encode())

    def unit(self, name):
        text = (self.root / "etc/systemd/system" / name).read_text(encoding="utf-8")
        return [line.split("=", 1) for line in self.place(text).splitlines()
                if "=" in line and not line.startswith("#")]

    def obey(self, verb, names):
        self.done.append((verb, tuple(names)))
        for name in names:
            settings = self.unit(name)
            if verb in ("stop", "restart") and name == "kaiku-central.service":
                self.stop()
            if verb in ("enable", "start", "restart"):
                if name.endswith(".socket") and self.held is None:
                    host, port = dict(settings)["ListenStream"].rsplit(":", 1)
                    self.held = socket.create_server((host, int(port)))
                if name == "kaiku-central.service":
                    self.start_service(settings)

    def start_service(self, settings):
        environment = dict(value.split("=", 1) for key, value in settings if key == "Environment")
        command = dict(settings)["ExecStart"]

        def hand_over():
            os.dup2(self.held.fileno(), 3)
            os.set_inheritable(3, True)

        self.process = subprocess.Popen(
            ["sh", "-c", f"LISTEN_PID=$$ LISTEN_FDS=1 exec {command}"], preexec_fn=hand_over,
            close_fds=False, stdout=subprocess.DEVNULL,
            env={**os.environ, **environment, "NOTIFY_SOCKET": str(self.root / "notify")})
        assert self.ready.recv(100) == b"READY=1"

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(DEADLINE_S) == 0
            assert self.ready.recv(100) == b"STOPPING=1"
        self.process = None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def place_in(root, port):
    """Moves a text's paths of the machine into `root`."""
    def place(text):
        text = re.sub(r"(?<![\w.])/(usr/local|etc|var)/", lambda hit: f"{root}/{hit[1]}/", text)
        text = text.replace("build/release/bin/kaiku-central", str(PROGRAM))
        text = text.replace("build/release/share", str(PROGRAM.parent.parent / "share"))
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    return place


def steps():
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def every_step_of_the_page_works():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        root = pathlib.Path(folder)
        place = place_in(root, free_port())
        manager = Manager(root, place)
        manager.start()
        shims = root / "shims"
        shims.mkdir()
        for name, text in SHIMS.items():
            text = text.replace("{python}", sys.executable).replace("{socket}", str(root / "manager"))
            (shims / name).write_text("#!/bin/sh\n" + text, encoding="utf-8")
            (shims / name).chmod(0o755)
        outputs = []
        try:
            for number, step in enumerate(steps(), 1):
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", place(step)], cwd=SOURCE, text=True,
                    capture_output=True, timeout=DEADLINE_S, check=False,
                    env={**os.environ, "PATH": f"{shims}:{root}/usr/local/bin:{os.environ['PATH']}"})
                assert done.returncode == 0, f"step {number}:\n{step}\n{done.stdout}{done.stderr}"
                outputs.append(done.stdout)
        finally:
            manager.stop()
            manager.listening.close()
        said = "\n".join(outputs)
        assert len(outputs) >= 9 and said.count('"status":"ready"') == 3, said
        assert "first: good:" in said and "restored: 0 answers" in said, said
        assert re.search(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$", said, re.MULTILINE), said
        assert 'kaiku_devices{state="enrolled"} 0' in said and "every rollup" in said, said
        assert ("restart", ("kaiku-central.service",)) in manager.done


for test in (every_step_of_the_page_works,):
    test()
    print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
