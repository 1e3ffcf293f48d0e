"""A played robot behind docs/drivers.md's protocol: the joints go where they are sent, at their speed.

    fake_driver.py SOCKET [CAMERA]

Reads commands from standard input and answers each with "ok": `late S` (it tells nothing for S seconds),
`tell I V` (joint I reads V, whatever it does; `tell I -` ends that), `fault WORDS`, `garbage`, `show`.
"""
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples" / "drivers"))
from gyre_driver import Driver, serve  # noqa: E402

WIDTH, HEIGHT, SPEED = 64, 48, 3.0


class FakeArm(Driver):
    robot = "played"
    joints = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"]

    def __init__(self, camera):
        self.cameras = {camera: (WIDTH, HEIGHT)} if camera else {}
        self.at = [0.0, 0.0, 0.3, 1.2, 0.0, 0.5]
        self.goal, self.moved = list(self.at), time.monotonic()
        self.told, self.late_until, self.words = {}, 0.0, ""
        self.commands = self.stops = 0
        self.ended = ""

    def read(self):
        time.sleep(max(0.0, self.late_until - time.monotonic()))
        if self.words:
            words, self.words = self.words, ""
            raise RuntimeError(words)
        now = time.monotonic()
        most = SPEED * (now - self.moved)
        self.moved = now
        self.at = [a + min(most, max(-most, g - a)) for a, g in zip(self.at, self.goal)]
        return [self.told.get(i, value) for i, value in enumerate(self.at)]

    def write(self, values):
        self.commands += 1
        self.goal = list(values)

    def stop(self):
        self.stops += 1
        self.goal = list(self.at)

    def end(self, at_exit):
        self.ended = at_exit

    def picture(self, name):
        now = time.monotonic_ns()
        return now // 33_000_000 * 33_000_000, bytes([now // 33_000_000 % 256]) * (WIDTH * HEIGHT * 3)


def obey(arm, words):
    if words[0] == "late":
        arm.late_until = time.monotonic() + float(words[1])
    elif words[0] == "tell":
        arm.told = {} if words[2] == "-" else {int(words[1]): float(words[2])}
    elif words[0] == "fault":
        arm.words = " ".join(words[1:])
    elif words[0] == "show":
        print(arm.commands, arm.stops, arm.ended or "-", *arm.at)


def main():
    arm = FakeArm(sys.argv[2] if len(sys.argv) > 2 else "")
    threading.Thread(target=serve, args=(arm, sys.argv[1]), daemon=True).start()
    while not pathlib.Path(sys.argv[1]).exists():
        time.sleep(0.01)
    print("ready", flush=True)
    for line in sys.stdin:
        obey(arm, line.split())
        print("ok", flush=True)


if __name__ == "__main__":
    main()
