"""The program in a folder of its own: shared by the tests of this folder, whose first argument it is."""
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

GYRE = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).parents[2]
WORK = pathlib.Path(tempfile.mkdtemp())
FAILED = []
os.environ["XDG_RUNTIME_DIR"] = str(WORK)


def expect(holds, what):
    if not holds:
        FAILED.append(what)
        print("FAILED:", what)


class Gaps(threading.Thread):
    """The longest time for which this program did not run: other programs did not either, most likely."""

    def __init__(self):
        super().__init__(daemon=True)
        self.worst_s = 0.0
        self.start()

    def run(self):
        last = time.monotonic()
        while True:
            time.sleep(0.004)
            now = time.monotonic()
            self.worst_s = max(self.worst_s, now - last)
            last = now


GAPS = Gaps()
STALL_S = 0.04  # a bus that is silent for 50 ms is lost


def unless_stalled(step, *arguments):
    """A step whose outcome hangs on time. It is done again, twice at most, where it failed while the machine stood
    still: an arm is right to stop then."""
    for attempt in range(3):
        before, GAPS.worst_s = len(FAILED), 0.0
        step(*arguments)
        if len(FAILED) == before or GAPS.worst_s < STALL_S or attempt == 2:
            return
        print(f"the machine stood still for {GAPS.worst_s * 1000:.0f} ms: again")
        del FAILED[before:]


def call(*arguments, expected=0, environment=None):
    done = subprocess.run([GYRE, *arguments], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    expect(done.returncode == expected,
           f"{' '.join(arguments)}: code {done.returncode}, not {expected}: {done.stderr[-400:]}")
    return done


def run(*arguments, expected=0, environment=None):
    done = call(*arguments, expected=expected, environment=environment)
    return done.stdout + done.stderr


def complains(words, *arguments, expected=2):
    told = run(*arguments, expected=expected)
    expect(words in told, f"{' '.join(arguments)} says: {told}")
    if expected == 2:
        expect(told.count("\n") == 1, f"more than a line: {told}")


def result(name):
    print(f"{name}: all as it should be" if not FAILED else f"{len(FAILED)} failed")
    return 1 if FAILED else 0
