"""A PostgreSQL server of its own for a test in Python; see postgres_server.sh."""
import contextlib
import pathlib
import subprocess
import tempfile
import time

SCRIPT = pathlib.Path(__file__).with_name("postgres_server.sh")


class Postgres:
    def __init__(self, folder, settings):
        self.folder = pathlib.Path(folder) / "pg"
        self.process = subprocess.Popen([SCRIPT, self.folder, *settings], stdin=subprocess.PIPE)
        for _ in range(1200):
            if (self.folder / "uri").exists():
                self.uri = (self.folder / "uri").read_text(encoding="utf-8").strip()
                return
            assert self.process.poll() is None, "the PostgreSQL server did not start"
            time.sleep(0.05)
        raise AssertionError("the PostgreSQL server did not start in a minute")

    def sql(self, statement, database="kaiku"):
        """The answer's rows, as psql prints them without headings."""
        uri = self.uri.replace("///kaiku?", f"///{database}?")
        done = subprocess.run(["psql", "-At", "-c", statement, uri], capture_output=True,
                              text=True, check=True)
        return done.stdout.splitlines()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


@contextlib.contextmanager
def postgres(*settings):
    with tempfile.TemporaryDirectory(prefix="kaiku-pg-") as folder:
        server = Postgres(folder, settings)
        try:
            yield server
        finally:
            server.stop()
