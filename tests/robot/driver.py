"""`gyre drive` on a robot whose driver is a process of its own: late, wrong, killed, back again.

    driver.py GYRE
"""
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from program import GYRE, ROOT, WORK, complains, expect, result

PORT = str(WORK / "arm.sock")
FOLDER = str(WORK / "played")
HOLD = [0.0, 0.0, 0.3, 1.2, 0.0, 0.5]


class Fake:
    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "tests/robot/fake_driver.py", PORT, *flags], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        told = self.process.stdout.readline().split()
        if told == ["ok"]:
            return None
        self.process.stdout.readline()
        return told

    def show(self):
        commands, stops, ended, *at = self.tell("show")
        return {"commands": int(commands), "stops": int(stops), "ended": ended,
                "at": [float(value) for value in at]}

    def kill(self):
        self.process.kill()
        self.process.wait()


class Drive:
    """gyre drive, its operator socket, and the newest status of it."""

    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [GYRE, "drive", "--robot", FOLDER + "/joint", "--by-hand", "--priority", "0", *flags],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.told = ""
        threading.Thread(target=self.listen, daemon=True).start()
        self.until_told("socket ")
        path = self.told.split("socket ")[1].split()[0]
        self.robot, self.lines = self.connect(path)
        watch, self.watched = self.connect(path)
        watch.sendall(b'{"watch":true}\n')
        self.status, self.action = {}, None
        threading.Thread(target=self.watch, daemon=True).start()
        threading.Thread(target=self.beat, daemon=True).start()

    def listen(self):
        for line in self.process.stderr:
            self.told += line

    @staticmethod
    def connect(path):
        end = time.monotonic() + 10
        while True:
            try:
                client = socket.socket(socket.AF_UNIX)
                client.connect(path)
                return client, client.makefile()
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def watch(self):
        for line in self.watched:
            self.status = json.loads(line)

    def beat(self):
        while self.process.poll() is None:
            if self.action is not None:
                try:
                    self.robot.sendall(json.dumps({"heartbeat": True, "action": self.action}).encode() + b"\n")
                except OSError:
                    return
            time.sleep(0.02)

    def order(self, **line):
        self.robot.sendall(json.dumps(line).encode() + b"\n")
        answer = json.loads(self.lines.readline())
        expect(answer == {"ok": True}, f"{line}: {answer}")

    def until(self, what, holds, patience=10):
        end = time.monotonic() + patience
        while not holds():
            if time.monotonic() > end or self.process.poll() is not None:
                expect(False, f"never: {what}: {self.status} {self.told[-400:]}")
                return
            time.sleep(0.02)

    def until_mode(self, mode):
        self.until(f"mode {mode}", lambda: self.status.get("mode") == mode)

    def until_told(self, words):
        self.until(f"told '{words}'", lambda: words in self.told)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        expect(code == 130, f"drive ended with {code}: {self.told[-400:]}")


def make_folder():
    shutil.copytree(ROOT / "assets/robots/so101", FOLDER)
    file = pathlib.Path(FOLDER) / "robot.toml"
    text = file.read_text().replace('name = "so101"', 'name = "played"')
    begin, end = text.index("[driver]"), text.index("[tool]")
    file.write_text(text[:begin] + f'[driver]\nkind = "process"\nport = "{PORT}"\nat_exit = "hold"\n\n' + text[end:])


def motion():
    fake = Fake()
    drive = Drive()
    drive.order(do="take", by="anna")
    drive.action = [0.4, 0.0, 0.3, 1.2, 0.0, 1.0]
    drive.until_mode("human")
    drive.until("the arm goes there", lambda: abs(fake.show()["at"][0] - 0.4) < 0.01)
    before = fake.show()["commands"]
    drive.action = [0.4, 0.0, 0.3, 1.2, 99.0, 1.0]  # far outside: the filter keeps the joint's range
    drive.until("the joint's end", lambda: abs(fake.show()["at"][4] - 2.841) < 0.01)
    expect(fake.show()["commands"] > before, "commands go on")
    drive.action = list(HOLD)
    drive.until("the way back", lambda: abs(fake.show()["at"][4]) < 0.02)
    return fake, drive


def late(fake, drive):
    fake.tell("late 0.6")
    drive.until_mode("fallback")
    drive.until_mode("human")  # by itself, when the state is back
    expect("! robot" not in drive.told, f"a late state is no fault: {drive.told}")


def outside(fake, drive):
    stops = fake.show()["stops"]
    fake.tell("tell 2 57.3")
    drive.until_mode("stopped")
    drive.until_told("elbow_flex at 57.3 rad, outside of -1.69 .. 1.69")
    drive.until("the driver's stop", lambda: fake.show()["stops"] > stops)
    commands = fake.show()["commands"]
    drive.order(do="clear")  # no use: the value is still there
    time.sleep(0.3)
    expect(drive.status.get("mode") == "stopped", f"cleared beside a wrong value: {drive.status}")
    expect(fake.show()["commands"] == commands, "commands go on to a robot that tells nonsense")
    fake.tell("tell 2 -")
    again(drive)


def again(drive):
    """A person lets go, clears, resumes, and takes the robot again."""
    action, drive.action = drive.action, None
    end = time.monotonic() + 10
    while drive.status.get("mode") == "stopped" and time.monotonic() < end:
        drive.order(do="clear")
        time.sleep(0.15)
    drive.order(do="resume")
    time.sleep(0.5)  # longer than a heartbeat counts
    drive.action = action
    drive.until_mode("human")


def fault(fake, drive):
    fake.tell("fault the gripper is jammed")
    drive.until_mode("stopped")
    drive.until_told("the gripper is jammed")
    again(drive)


def killed(fake, drive):
    fake.kill()
    drive.until_mode("stopped")
    drive.until_told("has ended")
    drive.order(do="clear")
    time.sleep(0.3)
    expect(drive.status.get("mode") == "stopped", f"cleared without a driver: {drive.status}")
    fake = Fake()
    time.sleep(0.5)
    expect(drive.status.get("mode") == "stopped", "a driver that is back does not move by itself")
    expect(fake.show()["commands"] == 0, f"commands before a person's clear: {fake.show()}")
    again(drive)
    drive.until("commands", lambda: fake.show()["commands"] > 0)
    return fake


def silent(fake, drive):
    stops = fake.show()["stops"]
    drive.process.send_signal(signal.SIGSTOP)
    end = time.monotonic() + 10
    while fake.show()["stops"] == stops and time.monotonic() < end:
        time.sleep(0.02)
    expect(fake.show()["stops"] > stops, "a driver without commands holds by itself")
    drive.process.send_signal(signal.SIGCONT)


def cameras():
    fake = Fake("front")
    complains("camera.wrist: has no device", "drive", "--robot", FOLDER, "--by-hand")
    toml = pathlib.Path(FOLDER) / "robot.toml"
    toml.write_text(toml.read_text().replace('["front", "wrist"]', '["front"]'))
    drive = Drive()
    drive.until("a picture", lambda: 0 <= drive.status.get("picture_age_s", -1) < 0.2)
    drive.end()
    fake.kill()


def main():
    make_folder()
    complains("does not listen", "drive", "--robot", FOLDER, "--by-hand")
    fake, drive = motion()
    late(fake, drive)
    outside(fake, drive)
    fault(fake, drive)
    fake = killed(fake, drive)
    silent(fake, drive)
    drive.end()
    deadline = time.monotonic() + 5
    while fake.show()["ended"] != "hold" and time.monotonic() < deadline:
        time.sleep(0.05)
    expect(fake.show()["ended"] == "hold", f"at exit: {fake.show()}")
    fake.tell("tell 2 57.3")
    complains("elbow_flex at 57.3", "drive", "--robot", FOLDER, "--by-hand")
    complains("no servo bus", "robot", "check", "--robot", FOLDER)
    fake.kill()
    cameras()
    return result("driver")


if __name__ == "__main__":
    sys.exit(main())
