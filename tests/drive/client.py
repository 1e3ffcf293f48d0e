"""A tool on the socket of `gyre drive`: sends the lines given as arguments, one after the other.

    client.py SOCKET LINE...

A line is JSON, which must be answered {"ok": true}. `wait:KEY=VALUE` waits until the status says so, and
`drive:ACTION:KEY=VALUE` sends heartbeats with that action until then. Standard library alone.
"""
import json
import socket
import sys
import threading
import time

PATIENCE_S = 30


def connect(path):
    end = time.monotonic() + PATIENCE_S
    while True:
        robot = socket.socket(socket.AF_UNIX)
        try:
            robot.connect(path)
            robot.settimeout(PATIENCE_S)
            return robot, robot.makefile()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Watch(threading.Thread):
    """The newest status, by a connection of its own."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.robot, self.lines = connect(path)
        self.status = {}
        self.robot.sendall(b'{"watch":true}\n')
        self.start()

    def run(self):
        for line in self.lines:
            self.status = json.loads(line)


def until(watch, condition, act=lambda: None):
    """Waits until the status says "KEY=VALUE"; acts meanwhile."""
    key, value = condition.split("=", 1)
    end = time.monotonic() + PATIENCE_S
    while str(watch.status.get(key)) != value:
        act()
        if time.monotonic() > end:
            sys.exit(f"the status never said {condition}: {watch.status}")
        time.sleep(0.02)


def main():
    robot, lines = connect(sys.argv[1])
    watch = Watch(sys.argv[1])

    for line in sys.argv[2:]:
        if line.startswith("wait:"):
            until(watch, line[len("wait:"):])
        elif line.startswith("drive:"):
            _, action, condition = line.split(":", 2)
            beat = b'{"heartbeat":true,"action":' + action.encode() + b"}\n"
            until(watch, condition, lambda: robot.sendall(beat))
        else:
            robot.sendall(line.encode() + b"\n")
            answer = json.loads(lines.readline())
            if answer != {"ok": True}:
                sys.exit(f"{line}: {answer}")


if __name__ == "__main__":
    main()
