"""The program in a folder of its own: shared by the tests of this folder, whose first argument it is."""
import os
import pathlib
import subprocess
import sys
import tempfile

GYRE = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).parents[2]
WORK = pathlib.Path(tempfile.mkdtemp())
FAILED = []
os.environ["XDG_RUNTIME_DIR"] = str(WORK)


def expect(holds, what):
    if not holds:
        FAILED.append(what)
        print("FAILED:", what)


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
