"""An evening with a new arm, on a played bus and played cameras: from the box to a policy that drives, and one turn.

    evening.py GYRE FAKE_BUS FAKE_DEVICES_LIBRARY

Prints each command's time. The episodes and the training are too short to teach anything: the data's way is tested.
"""
import json
import os
import signal
import sys
import time

from hands import REST, Terminal, bring
from program import ROOT, WORK, call, expect, result, run
from robot import JOINTS, PORT, Asked, Fake, calibrate

LIBRARY = os.path.abspath(sys.argv[3])
EPISODES = 20
ZERO = 2057  # the position that the calibration ties to 0 rad
CAMERAS = ["--camera", "front=/dev/v4l/by-id/usb-front", "--camera", "wrist=/dev/v4l/by-id/usb-wrist"]
ARM = ["--port", PORT, "--priority", "0"]
WORDS = "put the red cup in the sink"


def timed(part, *arguments):
    begin = time.monotonic()
    done = part(*arguments)
    print(f"{part.__name__:12} {time.monotonic() - begin:6.1f} s", flush=True)
    return done


def setup_motors(fake):
    """One motor is plugged in at a time, the gripper first."""
    fake.all("dead", 1)
    asked = Asked("robot", "setup-motors", "--port", PORT)
    for i in range(len(JOINTS), 0, -1):
        asked.until("Enter: ")
        fake.tell(f"dead {i} 0")
        if i < len(JOINTS):
            fake.tell(f"dead {i + 1} 1")
        asked.enter()
    asked.end()
    fake.all("dead", 0)
    expect([servo["id"] for servo in fake.show()] == list(range(1, len(JOINTS) + 1)), f"ids: {fake.show()}")


def calibrates(fake):
    calibrate(fake)
    bring(fake, REST, ZERO)
    fake.wait_still()
    expect("nothing is wrong" in run("robot", "check", "--port", PORT), "check")


def plug_cameras():
    devices = WORK / "devices"
    (devices / "v4l/by-id").mkdir(parents=True)
    for i, name in enumerate(["front", "wrist"]):
        (devices / f"video{i}").write_text(f"name Fake {name} camera\nmode mjpg 640 480 30\n")
        (devices / f"v4l/by-id/usb-{name}").symlink_to(f"../../video{i}")
    os.environ["GYRE_FAKE_DEVICES"] = str(devices)
    os.environ["LD_PRELOAD"] = LIBRARY
    told = run("robot", "find-cameras")
    expect("usb-front" in told and "usb-wrist" in told, told)


def teleoperate():
    driver = Terminal("teleoperate", "--robot", "so101", "--hands", "keys", *ARM)
    place = driver.until("paused")
    driver.press("a")
    driver.until("human", place)
    driver.press("Q")
    driver.end()


def record():
    desk = Terminal("record", "--robot", "so101", "--operator", "keys", *ARM, "--go", "--prompt", WORDS, *CAMERAS,
                    "--camera-size", "64", "--episodes", str(EPISODES), "--journal", str(WORK / "shown.journal"),
                    "--out", str(WORK / "shown"), "--json", str(WORK / "shown.json"))
    place = 0
    for i in range(EPISODES):
        place = desk.until(f"({i} of {EPISODES} kept)", place)
        desk.press("\n")
        place = desk.until("RECORDS", place)
        for _ in range(12):
            desk.press("ad"[i % 2])
            time.sleep(0.05)
        desk.press("S")
    desk.end()
    shown = json.loads((WORK / "shown.json").read_text())
    expect(shown["episodes"] == EPISODES and shown["embodiment"] == "so101/ee", f"{shown}")


def convert():
    call("data", "convert", str(WORK / "shown.journal"), "--out", str(WORK / "again"))
    for folder in ("shown", "again"):
        told = run("data", "info", str(WORK / folder))
        expect(f"{EPISODES} of {EPISODES} present" in told and WORDS in told, told)


def train():
    call("train", "--start", "assets/policies/nano", "--data", str(WORK / "again"), "--steps", "20", "--batch", "8",
         "--workers", "1", "--out", str(WORK / "policy"))


def drive(fake):
    before = [servo["position"] for servo in fake.show()]
    done = call("drive", "--robot", "so101", *ARM, "--go", "--policy", str(WORK / "policy"), "--prompt", WORDS,
                *CAMERAS, "--seconds", "4", "--json", "-")
    driven = json.loads(done.stdout)
    expect(driven["ticks"] > 50 and driven["failed_inferences"] == 0, f"{driven}")
    expect([servo["position"] for servo in fake.show()] != before, "the policy moved nothing")
    expect(all(servo["torque"] == 0 for servo in fake.show()), "torque is off in the end")


class Bench:
    """A person at `gyre turn`, who lays out, corrects and judges."""

    def __init__(self):
        self.terminal = Terminal(
            "turn", "--robot", "so101", *ARM, *CAMERAS, "--policy", str(WORK / "policy"), "--task", WORDS, "--operator",
            "keys", "--replay", str(WORK / "again"), "--collect-episodes", "2", "--attempts", "3", "--learn.steps", "5",
            "--learn.minutes", "0", "--learn.batch", "8", "--runs", str(WORK / "runs"), "--json",
            str(WORK / "turn.json"))
        self.place = 0

    def attempt(self, judged, key, corrected=False):
        self.until(f"LAY OUT, Enter begins ({judged}")
        self.terminal.press("\n")
        self.until("DRIVES")
        if corrected:
            for _ in range(8):
                self.terminal.press("a")
                time.sleep(0.05)
            self.terminal.press("R")
        time.sleep(0.5)
        self.terminal.press(key)

    def until(self, words):
        self.place = self.terminal.until(words, self.place)


def turn():
    """Every verdict is a failure in the comparison: nobody can tell the policies apart, so no other ending is sure."""
    bench = Bench()
    bench.attempt("0 of 2", "S", corrected=True)
    bench.attempt("1 of 2", "X")  # once more
    bench.attempt("1 of 2", "F")
    bench.until("-- gate")
    begin = bench.place
    bench.attempt("0 of 6", "F")
    bench.until("(1 of 6 judged)")
    bench.terminal.press("\x03")
    shown = bench.terminal.end(expected=128 + signal.SIGINT)[begin:]
    for secret in ("candidate", "predecessor", str(WORK / "policy")):
        expect(secret not in shown[:shown.rfind("judged")], f"it tells of {secret}: {shown}")

    bench = Bench()  # the same order goes on
    bench.until("going on with")
    bench.attempt("0 of 5", "F")
    shown = bench.terminal.end()
    report = json.loads((WORK / "turn.json").read_text())
    expect("-- collect" not in shown and report["collected"]["episodes"] == 2, f"{report['collected']}")
    expect(report["bench"] == "so101/ee" and report["gate"]["bench"] and report["gate"]["attempts"] == 2, f"{report}")
    expect(report["reason"].startswith("kept: on a real bench 0 of 1"), report["reason"])


def main():
    signal.alarm(600)
    fake = Fake()
    begin = time.monotonic()
    timed(setup_motors, fake)
    timed(calibrates, fake)
    plug_cameras()
    timed(teleoperate)
    timed(record)
    timed(convert)
    timed(train)
    timed(drive, fake)
    timed(turn)
    expect(all(servo["torque"] == 0 for servo in fake.show()), "torque is off after the turn")
    print(f"{'in all':12} {time.monotonic() - begin:6.1f} s")
    fake.end()
    return result("evening")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
