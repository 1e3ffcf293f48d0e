"""The keys of `gyre drive`, at a terminal of its own.

    keys.py SOCKET COMMAND...

Standard library alone.
"""
import os
import pty
import sys
import threading

from client import Watch, until


def main():
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown = []

    def read():
        try:
            while text := os.read(terminal, 4096):
                shown.append(text)
        except OSError:
            pass

    threading.Thread(target=read, daemon=True).start()
    watch = Watch(sys.argv[1])
    for key, condition in [
        (b"", "mode=policy"),
        (b"p", "mode=paused"),
        (b"r", "mode=policy"),
        (b" ", "mode=stopped"),
        (b"c", "mode=paused"),
        (b"wpush q\x7fthe drawer in\n", "goal=push the drawer in"),
        (b"wnever mind\x1bf", "episode=1"),
        (b"s", "episode=2"),
    ]:
        os.write(terminal, key)
        until(watch, condition)
    os.write(terminal, b"q")
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    text = b"".join(shown).decode(errors="replace")
    if code != 0 or "keys: p pause" not in text or "1 of 2 episodes succeeded" not in text:
        sys.exit(f"exit code {code}: {text[-500:]}")


main()
