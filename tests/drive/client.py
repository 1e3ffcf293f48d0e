"""A tool on the socket of `gyre drive`: sends the lines given as arguments, one after the other.

    client.py SOCKET LINE...

A line is JSON, which must be answered {"ok": true}; `wait:KEY=VALUE` waits until the status says so,
and `beat:SECONDS:ACTION` sends heartbeats with that action. Standard library alone.
"""
import json
import socket
import sys
import time

PATIENCE_S = 30


def main():
    robot = socket.socket(socket.AF_UNIX)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            robot.connect(sys.argv[1])
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    robot.settimeout(PATIENCE_S)
    lines = robot.makefile()

    def ask(line):
        robot.sendall(line.encode() + b"\n")
        return json.loads(lines.readline())

    def wait(key, value):
        assert ask('{"watch":true}') == {"ok": True}
        status = {}
        while time.monotonic() < deadline:
            status = json.loads(lines.readline())
            if str(status.get(key)) == value:
                break
        else:
            sys.exit(f"the status never said {key}={value}: {status}")
        robot.sendall(b'{"watch":false}\n')
        while json.loads(lines.readline()) != {"ok": True}:
            pass

    for line in sys.argv[2:]:
        deadline = time.monotonic() + PATIENCE_S
        if line.startswith("wait:"):
            wait(*line[len("wait:"):].split("=", 1))
        elif line.startswith("beat:"):
            _, seconds, action = line.split(":", 2)
            end = time.monotonic() + float(seconds)
            while time.monotonic() < end:
                robot.sendall(b'{"heartbeat":true,"action":' + action.encode() + b"}\n")
                time.sleep(0.02)
        else:
            answer = ask(line)
            if answer != {"ok": True}:
                sys.exit(f"{line}: {answer}")


main()
