"""A new user with an arm on a played bus: setup, calibration, check, motion, and what can go wrong.

    robot.py GYRE FAKE_BUS
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from program import GYRE, ROOT, WORK, complains, expect, result, run, unless_stalled

FAKE = os.path.abspath(sys.argv[2])
PORT = str(WORK / "arm")
JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"]
os.environ["HF_LEROBOT_CALIBRATION"] = str(WORK / "calibration")
FILE = WORK / "calibration" / "robots" / "so_follower" / "so101.json"


class Fake:
    """The played bus."""

    def __init__(self, *flags, port=PORT):
        self.process = subprocess.Popen([FAKE, port, *flags], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        lines = []
        while True:
            answer = self.process.stdout.readline().rstrip("\n")
            if answer == "ok":
                return lines
            if not answer or ":" in answer:
                raise RuntimeError(f"{line}: {answer}")
            lines.append([int(word) for word in answer.split()])

    def show(self):
        names = ["id", "position", "goal", "torque", "limit", "load"]
        return [dict(zip(names, row)) for row in self.tell("show")]

    def all(self, command, *values):
        for i in range(1, 7):
            self.tell(f"{command} {i} " + " ".join(str(value) for value in values))

    def wait_still(self):
        last, same = None, 0
        while same < 4:
            now = [servo["position"] for servo in self.show()]
            same = same + 1 if now == last else 0
            last = now
            time.sleep(0.05)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Asked:
    """A verb that asks for Enter."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([GYRE, *arguments], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.told = ""

    def until(self, words):
        while words not in self.told:
            letter = self.process.stderr.read(1)
            if not letter:
                raise RuntimeError("ended without '" + words + "': " + self.told)
            self.told += letter
        self.told = ""

    def enter(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self, expected=0):
        out, err = self.process.communicate(timeout=60)
        expect(self.process.returncode == expected,
               f"asked: code {self.process.returncode}, not {expected}: {self.told} {err}")
        return self.told + out + err


def nothing_moves(fake, act):
    """The servos are as before: positions, goals, torque, limits."""
    before = fake.show()
    act()
    expect(fake.show() == before, f"something was written: {before} {fake.show()}")


def calibrate(fake, port=PORT):
    asked = Asked("robot", "calibrate", "--port", port)
    asked.until("Enter: ")
    fake.all("hand", 2000)
    fake.wait_still()
    asked.enter()
    asked.until("Enter: ")
    # Positions are told after the old offsets, which are 0.
    for tick in (1000, 3000):
        fake.all("hand", tick)
        fake.wait_still()
        time.sleep(0.2)
    asked.enter()
    asked.until("Enter: ")
    fake.all("hand", 2010)
    fake.wait_still()
    asked.enter()
    asked.until("Enter: ")
    fake.all("hand", 2200)
    fake.wait_still()
    asked.enter()
    return asked.end()


def from_the_box():
    fake = Fake()
    complains("is not there", "robot", "check", "--port", str(WORK / "none"))
    told = run("robot", "check", "--port", PORT, expected=1)
    expect("there is no such calibration" in told, told)
    complains("no such calibration", "drive", "--robot", "so101", "--by-hand", "--port", PORT)

    # A new motor comes as id 1 at another rate.
    for i in (1, 2, 3, 5, 6):
        fake.tell(f"dead {i} 1")
    fake.tell("set 4 phase 28")
    fake.tell("set 4 baud 4")
    asked = Asked("robot", "setup-motors", "--port", PORT, "--only", "wrist_flex")
    asked.until("Enter: ")
    asked.enter()
    told = asked.end()
    expect("id 4 at 115200 baud is now id 4 at 1000000 baud" in told, told)
    fake.all("dead", 0)

    told = calibrate(fake)
    expect("range" in told, told)
    file = json.loads(FILE.read_text())
    expect(list(file) == JOINTS, f"the file's order: {list(file)}")
    expect(file["elbow_flex"]["homing_offset"] == 2000 - 2047, f"offset: {file['elbow_flex']}")
    expect(file["elbow_flex"]["range_min"] == 1047, f"range: {file['elbow_flex']}")
    expect(file["wrist_roll"]["range_max"] == 4095, f"range: {file['wrist_roll']}")
    fake.all("hand", 2100)
    fake.wait_still()
    told = run("robot", "check", "--port", PORT)
    expect("nothing is wrong" in told, told)
    report = json.loads(subprocess.run(
        [GYRE, "robot", "check", "--port", PORT, "--json", "-"], capture_output=True, text=True,
        check=True).stdout)
    expect(abs(report["servos"][0]["value"] - (2100 - 2057) * 6.2832 / 4096) < 0.01,
           f"{report['servos'][0]}")
    return fake


def motion(fake):
    fake.wait_still()
    begins = fake.show()
    told = run("robot", "move", "--port", PORT, "--joint", "elbow_flex", "--by", "0.2")
    expect("asked for" in told, told)
    show = fake.show()
    moved = [after["position"] - before["position"] for before, after in zip(begins, show)]
    expect(abs(moved[2] - 0.2 * 4096 / 6.2832) < 8, f"{begins[2]} to {show[2]}")
    expect(abs(moved[1]) < 4, f"another joint moved: {begins[1]} to {show[1]}")
    expect(all(servo["torque"] == 0 for servo in show), "torque is off in the end")
    run("robot", "move", "--port", PORT, "--joint", "gripper", "--to", "0.5", "--at-exit", "hold")
    expect(all(servo["torque"] == 1 for servo in fake.show()), "the arm holds in the end")
    complains("is outside of", "robot", "move", "--port", PORT, "--joint", "elbow_flex", "--to", "9")
    complains("did you mean 'elbow_flex'", "robot", "move", "--port", PORT, "--joint", "elbow_flx",
              "--by", "0.1")
    complains("one of --by and --to", "robot", "move", "--port", PORT, "--joint", "elbow_flex")
    # Against an obstacle.
    fake.tell("block 3 - 2300")
    told = run("robot", "move", "--port", PORT, "--joint", "elbow_flex", "--by", "0.6", expected=2)
    expect("stalled" in told, told)
    fake.tell("block 3 - -")
    run("robot", "move", "--port", PORT, "--joint", "elbow_flex", "--to", "0.0")


def drives_by_hand(fake):
    driver = subprocess.Popen(
        [GYRE, "drive", "--robot", "so101/joint", "--by-hand", "--port", PORT, "--priority", "0"],
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    socket = WORK / "gyre-so101-joint.sock"
    for _ in range(200):
        if socket.exists():
            break
        time.sleep(0.05)
    expect(socket.exists(), "drive: no socket")
    complains("process", "drive", "--robot", "so101/joint", "--by-hand", "--port", PORT)
    complains("another program has it", "robot", "check", "--port", PORT)
    client = pathlib.Path(__file__).parent.parent / "drive" / "client.py"
    done = subprocess.run(
        [sys.executable, client, socket, '{"do":"take","by":"anna"}',
         "drive:[0,0,0.3,0,0,0.5]:mode=human", '{"do":"give"}'], capture_output=True, text=True)
    expect(done.returncode == 0, f"by hand: {done.stderr}")
    driver.send_signal(signal.SIGINT)
    err = driver.communicate(timeout=30)[1]
    expect(driver.returncode == 130, f"drive: code {driver.returncode}: {err[-300:]}")
    expect(all(servo["torque"] == 0 for servo in fake.show()), "torque is off after Ctrl-C")
    policy = pathlib.Path(__file__).parents[2] / "assets" / "policies" / "nano"
    complains("cameras", "drive", "--robot", "so101", "--policy", str(policy), "--port", PORT)
    complains("names no camera", "drive", "--robot", "so101", "--by-hand", "--camera", "side=/dev/video0", "--port", PORT)
    complains("camera.front: /dev/video77: there is no such device", "drive", "--robot", "so101", "--by-hand",
              "--camera", "front=/dev/video77", "--camera", "wrist=/dev/video78", "--port", PORT)
    complains("camera.wrist: has no device", "drive", "--robot", "so101", "--by-hand", "--camera", "front=/dev/video77",
              "--port", PORT)


def bad_arms(fake):
    def check_says(words):
        nothing_moves(fake, lambda: complains(words, "robot", "check", "--port", PORT, expected=1))
        nothing_moves(fake, lambda: complains(
            words.split(";")[0], "robot", "move", "--port", PORT, "--joint", "elbow_flex", "--by",
            "0.1"))

    fake.tell("dead 4 1")
    check_says("no answer from wrist_flex (id 4)")
    for i in (5, 6):
        fake.tell(f"dead {i} 1")
    check_says("the cable between elbow_flex and wrist_flex is loose")
    fake.all("volts", 12.0)
    check_says("the supply is 12.0 V")
    fake.all("volts", 7.2)
    fake.all("dead", 1)
    check_says("no servo answers")
    fake.all("dead", 0)
    fake.all("set", "baud", 4)
    check_says("answer at 115200 baud")
    fake.all("set", "baud", 0)
    fake.tell("set 2 model 2825")
    check_says("model 2825, not 777")
    fake.tell("set 2 model 777")
    fake.tell("set 5 firmware_minor 9")
    check_says("firmware 3.9")
    run("robot", "check", "--port", PORT, "--any-firmware")
    fake.tell("set 5 firmware_minor 10")
    fake.tell("set 3 phase 28")
    check_says("counts several turns")
    fake.tell("set 3 phase 12")
    fake.tell("heat 6 80")
    check_says("degrees C")
    fake.tell("heat 6 30")
    fake.tell("fail 1 32")
    check_says("overload")
    fake.tell("fail 1 0")
    fake.tell("set 3 homing_offset 500")
    check_says("written by half")
    run("robot", "calibrate", "--write", "--port", PORT)
    run("robot", "check", "--port", PORT)
    fake.all("set", "homing_offset", 77)
    check_says("another arm's")
    run("robot", "calibrate", "--write", "--port", PORT)
    run("robot", "calibrate", "--undo", "--port", PORT)
    told = run("robot", "check", "--port", PORT)  # the file follows what the servos had
    expect(json.loads(FILE.read_text())["shoulder_pan"]["homing_offset"] == 77, told)


def bad_files(fake):
    text, pose = FILE.read_text(), FILE.with_suffix(".pose.json").read_text()
    other = json.loads(text)
    other["elbow_flex"]["id"] = 9
    turned = json.loads(pose)
    turned["elbow_flex"]["mirrored"] = True

    def check_says(words, file, content):
        file.write_text(content)
        for verb in (["robot", "move", "--joint", "elbow_flex", "--by", "0.1"],
                     ["drive", "--robot", "so101", "--by-hand"]):
            nothing_moves(fake, lambda: complains(words, *verb, "--port", PORT))
        FILE.write_text(text)
        FILE.with_suffix(".pose.json").write_text(pose)

    check_says("half written", FILE, text[:200])
    check_says("another arm", FILE, json.dumps(other))
    check_says("turns the other way", FILE.with_suffix(".pose.json"), json.dumps(turned))
    FILE.with_suffix(".pose.json").unlink()
    check_says("known pose", FILE, text)

    # A person who is not allowed to; root may open everything.
    if os.geteuid() != 0:
        os.chmod(os.path.realpath(PORT), 0)
        complains("group: sudo usermod", "robot", "check", "--port", PORT)


def sweep_over_the_seam(fake):
    fake.all("set", "homing_offset", 0)
    asked = Asked("robot", "calibrate", "--port", PORT)
    asked.until("Enter: ")
    fake.all("hand", 4095)
    fake.wait_still()
    nothing_moves(fake, lambda: (asked.enter(), asked.end(expected=2)))
    for stop in (signal.SIGINT, signal.SIGTERM):
        asked = Asked("robot", "calibrate", "--port", PORT)
        asked.until("Enter: ")
        asked.process.send_signal(stop)
        expect("nothing was written" in asked.end(expected=128 + stop), "Ctrl-C in a calibration")


def main():
    fake = from_the_box()
    unless_stalled(motion, fake)
    unless_stalled(drives_by_hand, fake)
    bad_arms(fake)
    bad_files(fake)
    sweep_over_the_seam(fake)
    fake.end()
    return result("robot")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
