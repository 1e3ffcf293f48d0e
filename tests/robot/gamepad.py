"""Demonstrations in the simulated kitchen by a played gamepad.

    gamepad.py GYRE FAKE_BUS FAKE_DEVICES_LIBRARY
"""
import json
import os
import pathlib
import struct
import sys
import time

from hands import Terminal
from program import ROOT, WORK, call, complains, expect, result, run

LIBRARY = os.path.abspath(sys.argv[3])
KEY, AXIS = 1, 3  # kinds of events, and codes below: linux/input-event-codes.h
SHOULDER, RIGHT_Y = 0x136, 4
UP = -32768


class Gamepad:
    def __init__(self, devices):
        self.events = devices / "input" / "out.event0"
        self.events.parent.mkdir(parents=True)
        (self.events.parent / "event0").write_text("name Played gamepad\nkind gamepad\n")
        os.mkfifo(self.events)

    def send(self, kind, code, value):
        with open(self.events, "wb", buffering=0) as events:
            events.write(struct.pack("llHHi", 0, 0, kind, code, value))
            events.write(struct.pack("llHHi", 0, 0, 0, 0, 0))


def records(gamepad, out):
    desk = Terminal("record", "--robot", "sim:so101", "--operator", "gamepad", "--out", str(out), "--episodes", "2",
                    "--failures", "--priority", "0")
    place = 0
    for kept, key in enumerate("sf"):
        place = desk.until(f"RESET, Enter begins ({kept} of 2 kept)", place)
        desk.press("\n")
        place = desk.until("RECORDS", place)
        gamepad.send(KEY, SHOULDER, 1)
        gamepad.send(AXIS, RIGHT_Y, UP)
        time.sleep(1)
        gamepad.send(AXIS, RIGHT_Y, 0)
        gamepad.send(KEY, SHOULDER, 0)
        time.sleep(0.3)
        desk.press(key)
    expect("2 of 2 episodes kept" in desk.end(), desk.shown[-300:])


def main():
    devices = WORK / "devices"
    os.environ.update(GYRE_FAKE_DEVICES=str(devices), LD_PRELOAD=LIBRARY)
    complains("gamepad", "record", "--robot", "sim:so101", "--operator", "gamepad", "--out", str(WORK / "none"))
    out = WORK / "shown"
    records(Gamepad(devices), out)
    told = run("data", "info", str(out))
    expect("2 of 2 present" in told, told)
    question = 'SELECT max("observation.state"[3]) - min("observation.state"[3]) AS up FROM frames GROUP BY episode_index'
    rows = json.loads(call("data", "ask", question, "--data", str(out), "--json", "-").stdout)["rows"]
    expect(len(rows) == 2 and all(row["up"] > 0.02 for row in rows), f"the stick moved the arm up: {rows}")
    return result("gamepad")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
