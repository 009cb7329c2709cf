"""A benchmark's place among the other programs of the machine."""
import pathlib


class Foremost:
    """This session before others on the processors, where that is permitted: two programs that
    wait for each other suffer most from a third. It says nothing to the disk."""
    PATH = pathlib.Path("/proc/self/autogroup")

    def __enter__(self):
        try:
            self.before = self.PATH.read_text().split()[-1]
            self.PATH.write_text("-20")
            self.said = "before other programs on the processors"
        except (OSError, IndexError):
            self.before, self.said = None, "beside other programs, if there were any"
        return self

    def __exit__(self, *_):
        if self.before is not None:
            self.PATH.write_text(self.before)
