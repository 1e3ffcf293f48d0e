"""A person's hands on a played arm: a leader arm, the terminal's keys, and recording by them.

    hands.py GYRE FAKE_BUS
"""
import json
import math
import os
import pty
import signal
import sys
import threading
import time

from program import GYRE, ROOT, WORK, complains, expect, result, run
from robot import JOINTS, PORT, Fake, nothing_moves

LEADER = str(WORK / "leader")
CALIBRATIONS = WORK / "calibration"
TICKS = 4096 / math.tau  # in a radian
MIRRORED = 2  # the leader's joint that turns the other way
LEADER_ZERO = 2100


def write_calibration(folder, zero, offset, mirrored=None, gripper=(1500, 2500), name="so101"):
    """LeRobot's file and the known pose beside it; `zero` is the present position at 0 rad."""
    folder.mkdir(parents=True, exist_ok=True)
    motors, pose = {}, {}
    for i, joint in enumerate(JOINTS):
        low, high = {"wrist_roll": (0, 4095), "gripper": gripper}.get(joint, (900, 3200))
        motors[joint] = {"id": i + 1, "drive_mode": 0, "homing_offset": offset * i, "range_min": low,
                         "range_max": high}
        if joint != "gripper":
            pose[joint] = {"shaft": zero + offset * i, "radians": 0.0, "mirrored": i == mirrored}
    (folder / f"{name}.json").write_text(json.dumps(motors, indent=4))
    (folder / f"{name}.pose.json").write_text(json.dumps(pose, indent=4))
    return str(folder / f"{name}.json")


class Terminal:
    """A verb at a terminal of its own."""

    def __init__(self, *arguments):
        self.shown = ""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores it
            os.execv(GYRE, [GYRE, *arguments])
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while text := os.read(self.terminal, 4096):
                self.shown += text.decode(errors="replace")
        except OSError:
            pass

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def until(self, words, since=0):
        """Waits until the words are shown behind this place; the place behind them."""
        end = time.monotonic() + 30
        while (found := self.shown.find(words, since)) < 0:
            if time.monotonic() > end:
                raise RuntimeError(f"never showed '{words}': {self.shown[-800:]}")
            time.sleep(0.02)
        return found + len(words)

    def end(self, expected=0):
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        expect(code == expected, f"code {code}, not {expected}: {self.shown[-800:]}")
        return self.shown


def bring(arm, joints, zero=2048, mirrored=None):
    """A hand brings the arm to radians and the gripper's opening."""
    ticks = [zero + (-1 if i == mirrored else 1) * angle * TICKS
             for i, angle in enumerate(joints[:5])]
    for i, tick in enumerate([*ticks, 1500 + 1000 * joints[5]]):
        arm.tell(f"hand {i + 1} {round(tick)}")


def lead(leader, joints):
    bring(leader, joints, LEADER_ZERO, MIRRORED)


def angles(follower):
    """Where the follower is, in radians and openings."""
    at = [servo["position"] for servo in follower.show()]
    return [(tick - 2048) / TICKS for tick in at[:5]] + [(at[5] - 1500) / 1000]


def until_near(follower, joints, tolerance=0.03):
    end = time.monotonic() + 20
    while max(abs(a - b) for a, b in zip(angles(follower), joints)) > tolerance:
        if time.monotonic() > end:
            expect(False, f"the follower is at {angles(follower)}, not {joints}")
            return
        time.sleep(0.02)


# Both in the workspace box.
REST = [0, -0.4, 0.5, 1.2, 0, 0.5]
MOVED = [0.3, -0.5, 0.6, 1.0, 0.5, 0.9]


def by_leader(follower, leader):
    told = run("robot", "check", "--leader", "--port", LEADER)
    expect("nothing is wrong" in told and "so_leader" in told, told)
    complains("leader", "teleoperate", "--robot", "so101", "--hands", "leader", "--port", PORT)
    nothing_moves(follower, lambda: complains(
        "is not there", "teleoperate", "--robot", "so101", "--hands", "leader:/dev/none", "--port",
        PORT))
    until_near(follower, REST)
    lead(leader, MOVED)
    leader.wait_still()
    driver = Terminal("teleoperate", "--robot", "so101", "--hands", f"leader:{LEADER}", "--port",
                      PORT, "--priority", "0", "--go")
    place = driver.until("away")
    time.sleep(0.5)
    until_near(follower, REST)  # it keeps its pose
    lead(leader, REST)
    place = driver.until("leader: followed", place)
    lead(leader, MOVED)
    until_near(follower, MOVED)
    expect(all(servo["torque"] == 0 for servo in leader.show()), "the leader is loose")

    leader.tell("unplug")
    place = driver.until("is lost", place)
    place = driver.until("paused", place)
    leader.tell("plug")
    place = driver.until("is back", place)
    place = driver.until("leader: followed", place)
    driver.press(" ")
    place = driver.until("stopped", place)
    driver.press("c")
    place = driver.until("paused", place)
    place = driver.until("leader: off", place)
    lead(leader, REST)
    leader.wait_still()
    until_near(follower, MOVED)  # a stop disengages the leader
    driver.press("l")
    place = driver.until("away", place)
    driver.press("q")
    driver.end()
    expect(all(servo["torque"] == 0 for servo in follower.show()), "torque is off in the end")


def by_hand_of_the_leader(follower, leader):
    """The `ee` contract, by forward kinematics."""
    for arm in (follower, leader):
        arm.wait_still()
    start = angles(follower)
    lead(leader, start)
    leader.wait_still()
    driver = Terminal("teleoperate", "--robot", "so101/ee", "--hands", f"leader:{LEADER}", "--port",
                      PORT, "--priority", "0", "--go")
    driver.until("leader: followed")
    goal = [start[0] + 0.2, start[1], start[2], start[3], start[4], 0.7]
    lead(leader, goal)
    until_near(follower, goal, 0.06)
    driver.press("q")
    driver.end()


def by_keys(follower):
    bring(follower, REST)
    follower.wait_still()
    driver = Terminal("teleoperate", "--robot", "so101/joint", "--port", PORT, "--priority", "0")
    place = driver.until("orders with Shift")
    place = driver.until("paused", place)
    begin = angles(follower)
    driver.press("d")
    driver.until("human", place)
    time.sleep(0.6)
    step = angles(follower)[0] - begin[0]
    expect(0.03 < step < 0.16, f"a press is one bounded step, not {step}")
    for _ in range(40):  # held down
        driver.press("d")
        time.sleep(0.03)
    time.sleep(0.6)
    way = angles(follower)[0] - begin[0]
    expect(way > 0.6, f"a held key drives: {way}")
    place = len(driver.shown)
    driver.press(" ")
    driver.until("stopped", place)
    stopped = angles(follower)[0]
    driver.press("d")
    time.sleep(0.5)
    expect(abs(angles(follower)[0] - stopped) < 0.02, "nothing moves behind a stop")
    driver.press("C")
    driver.until("paused", place)
    driver.press("Q")
    driver.end()


def records(follower, leader):
    out = WORK / "shown"
    bring(follower, REST)
    follower.wait_still()
    lead(leader, angles(follower))
    leader.wait_still()
    arguments = ["record", "--robot", "so101", "--operator", f"leader:{LEADER}", "--port", PORT,
                 "--priority", "0", "--go", "--prompt", "move the arm", "--out", str(out)]
    desk = Terminal(*arguments, "--episodes", "2", "--json", str(WORK / "shown.json"))
    place = desk.until("RESET, Enter begins (0 of 2 kept)")
    place = desk.until("leader: followed", place)

    def episode(key):
        nonlocal place
        desk.press("\n")
        place = desk.until("RECORDS", place)
        for i in range(8):
            lead(leader, [0.1 * (i % 3), *REST[1:]])
            time.sleep(0.1)
        desk.press(key)

    episode("s")
    place = desk.until("(1 of 2 kept)", place)
    episode("x")  # discarded
    place = desk.until("RESET", place)
    episode("b")  # once more
    place = desk.until("RESET", place)
    episode("f")  # a failure does not count without --failures
    place = desk.until("RESET, Enter begins (1 of 2 kept)", place)
    episode("\n")
    shown = desk.end()
    result = json.loads((WORK / "shown.json").read_text())
    expect(result["episodes"] == 2 and result["attempts"] == 3, f"{result}: {shown[-300:]}")
    expect(result["frames"] > 10 and result["embodiment"] == "so101/joint", f"{result}")
    expect(not (WORK / "shown.journal").exists(), "the journal went with the dataset's completion")
    told = run("data", "info", str(out))
    expect("2 of 2 present" in told and "2 x move the arm" in told, told)

    # Another contract, picture size or rate: one line, and the arm is not touched.
    other = [*arguments]
    other[2] = "so101/ee"
    nothing_moves(follower, lambda: complains("so101/ee", *other))
    # The same contract is added to, by a foot that knows no keys; Ctrl-C keeps what is there.
    desk = Terminal(*arguments)
    place = desk.until("RESET, Enter begins (0 kept)")
    desk.press("\n")
    place = desk.until("RECORDS", place)
    time.sleep(0.5)
    desk.press("s")
    place = desk.until("(1 kept)", place)
    desk.press("\x03")
    shown = desk.end(expected=128 + signal.SIGINT)
    expect("1 of 1 episodes kept" in shown, shown[-300:])


def records_in_the_kitchen():
    out = WORK / "kitchen"
    desk = Terminal("record", "--robot", "sim:so101", "--operator", "keys", "--out", str(out),
                    "--episodes", "1", "--reset-s", "1", "--failures", "--priority", "0")
    place = desk.until("RESET, Enter begins (0 of 1 kept)")
    desk.press("\n")
    place = desk.until("RECORDS", place)
    for _ in range(20):
        desk.press("w")
        time.sleep(0.03)
    desk.press("F")
    shown = desk.end()
    expect("1 of 1 episodes kept" in shown, shown[-300:])
    complains("--prompt", "record", "--robot", "so101", "--operator", "keys", "--out",
              str(WORK / "none"))
    complains("has no console", "record", "--robot", "sim:so101", "--operator", "console", "--out",
              str(WORK / "none"))
    complains("countdown of its own", "record", "--robot", "sim:so101", "--operator", "console", "--console=0",
              "--reset-s", "1", "--out", str(WORK / "none"))
    complains("are unknown", "record", "--robot", "sim:so101", "--operator", "feet", "--out",
              str(WORK / "none"))


def two_arms():
    """Two followers and two leaders as one robot."""
    ports, arms = {}, {}
    for role, folder in (("robot", "robots/so_follower"), ("leader", "teleoperators/so_leader")):
        for side, zero in (("left", 2048), ("right", 2080)):
            name = f"{role}_{side}"
            file = write_calibration(CALIBRATIONS / folder, zero, 5, name=f"so101_bimanual_{side}")
            ports[name] = str(WORK / name)
            arms[name] = Fake("--calibration", file, port=ports[name])
            bring(arms[name], REST, zero)
    for arm in arms.values():
        arm.wait_still()
    both = f"left={ports['robot_left']},right={ports['robot_right']}"
    leaders = f"leader:left={ports['leader_left']},right={ports['leader_right']}"
    told = run("robot", "info", "so101_bimanual")
    expect("so101_bimanual/joint, 12 fields" in told and "not there yet" not in told, told)
    told = run("robot", "check", "--robot", "so101_bimanual", "--arm", "left", "--port",
               ports["robot_left"])
    expect("nothing is wrong" in told, told)
    complains("which of left, right", "robot", "check", "--robot", "so101_bimanual", "--port", PORT)
    complains("does not name the arm right", "teleoperate", "--robot", "so101_bimanual", "--port",
              f"left={ports['robot_left']}")
    complains("several arms", "drive", "--robot", "sim:so101_bimanual", "--by-hand")
    complains("joint alone", "drive", "--robot", "so101_bimanual/ee", "--by-hand", "--port", both)
    driver = Terminal("teleoperate", "--robot", "so101_bimanual", "--port", both, "--hands", leaders,
                      "--priority", "0", "--go")
    place = driver.until("leader: followed")
    for i in (1, 5):
        arms["leader_left"].tell(f"hand {i} {2048 + 200}")
        arms["leader_right"].tell(f"hand {i} {2080 - 300}")

    def there():
        left, right = arms["robot_left"].show(), arms["robot_right"].show()
        return all(abs(left[i]["position"] - 2248) < 20 and abs(right[i]["position"] - 1780) < 20
                   for i in (0, 4))

    end = time.monotonic() + 20
    while not there() and time.monotonic() < end:
        time.sleep(0.05)
    expect(there(), "both arms follow")
    # One arm's cable: the whole robot stops, and the other one holds.
    arms["robot_left"].tell("unplug")
    place = driver.until("stopped", place)
    arms["leader_right"].tell(f"hand 1 {2080 + 300}")
    time.sleep(0.5)
    expect(abs(arms["robot_right"].show()[0]["position"] - 1780) < 20, "the other arm holds")
    arms["robot_left"].tell("plug")
    driver.press("q")
    driver.end()
    for name, arm in arms.items():
        expect(all(servo["torque"] == 0 for servo in arm.show()), f"{name}: torque is off")
        arm.end()


def main():
    follower_file = write_calibration(CALIBRATIONS / "robots" / "so_follower", 2048, 10)
    leader_file = write_calibration(CALIBRATIONS / "teleoperators" / "so_leader", LEADER_ZERO, -15,
                                    MIRRORED)
    follower = Fake("--calibration", follower_file)
    leader = Fake("--calibration", leader_file, port=LEADER)
    bring(follower, REST)
    by_leader(follower, leader)
    by_hand_of_the_leader(follower, leader)
    by_keys(follower)
    records(follower, leader)
    records_in_the_kitchen()
    two_arms()
    follower.end()
    leader.end()
    return result("hands")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
