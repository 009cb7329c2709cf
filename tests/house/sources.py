"""The tree as the house tests see it: our own text files, and a scratch copy to plant faults in."""
import contextlib
import os
import pathlib
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE_ROOMS = ("survey", "locales", "sync", "kiosk", "central", "tools", "bench", "tests")
SKIPPED = {".git", "build", "node_modules", "__pycache__", ".cache"}


def files(root, suffixes, rooms=CODE_ROOMS):
    """Paths below the rooms with one of the suffixes, relative to root, sorted."""
    found = []
    for room in rooms:
        for folder, folders, names in os.walk(root / room):
            folders[:] = sorted(set(folders) - SKIPPED)
            for name in names:
                if name.endswith(tuple(suffixes)):
                    found.append((pathlib.Path(folder) / name).relative_to(root))
    return sorted(found)


@contextlib.contextmanager
def planted(texts):
    """A scratch root that holds exactly these files: {relative path: text}."""
    with tempfile.TemporaryDirectory(prefix="kaiku-house-") as folder:
        root = pathlib.Path(folder)
        for name, text in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        yield root
