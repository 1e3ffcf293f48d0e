"""`gyre robot new`: what is missing, at a terminal and without one, and the folder that comes of it.

    new_folder.py GYRE
"""
import json
import os
import pty
import subprocess
import sys

from program import GYRE, ROOT, WORK, call, expect, result

URDF = str(ROOT / "gyre/robot/testdata/two_joints.urdf")
SO101 = str(ROOT / "assets/robots/so101/robot.xml")


def without_a_terminal():
    done = call("robot", "new", "two", "--from", URDF, "--out", str(WORK / "none"), expected=2)
    expect(done.stderr.count("\n") == 1, f"more than a line: {done.stderr}")
    for flag in ("--gripper", "--closed", "--open", "--tool", "--max-acceleration", "--home", "--rate"):
        expect(flag in done.stderr, f"{flag} is not named: {done.stderr}")
    expect(not (WORK / "none").exists(), "a folder was written all the same")


def at_a_terminal():
    """The answers in the order of the questions; the wrong ones are told and asked again."""
    folder = str(WORK / "asked")
    answers = ["", "", "", "flange", "tool0", "20", "shoulder=0.4", "elbow=far", "elbow=0.9", ""]
    master, slave = pty.openpty()
    process = subprocess.Popen([GYRE, "robot", "new", "two", "--from", URDF, "--out", folder], stdin=slave,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.close(slave)
    os.write(master, "".join(answer + "\n" for answer in answers).encode())
    out, err = process.communicate(timeout=60)
    os.close(master)
    expect(process.returncode == 0, f"asked: code {process.returncode}: {err}")
    expect("'flange' is neither a site nor a body" in err and "'far' is no number" in err, f"wrong answers: {err}")
    joints = json.loads(call("robot", "info", folder, "--picture", str(WORK / "two.png"), "--json", "-").stdout)
    expect([row["joint"] for row in joints["joints"]] == ["shoulder", "elbow", "gripper"], f"{joints}")
    expect((WORK / "two.png").read_bytes().startswith(b"\x89PNG"), "no picture")
    driven = json.loads(call("drive", "--robot", f"sim:{folder}/joint", "--by-hand", "--seconds", "0.5",
                            "--priority", "0", "--json", "-").stdout)
    expect(driven["ticks"] > 10, f"the simulator does not drive it: {driven}")


def like_the_shipped_one():
    folder = str(WORK / "so101")
    call("robot", "new", "so101", "--from", SO101, "--out", folder, "--gripper", "gripper", "--closed", "-0.45",
        "--open", "0.1", "--tool", "grasp", "--max-velocity", "4.7", "--max-acceleration", "60", "--max-jerk",
        "2000", "--home", "0,elbow_flex=0.3,wrist_flex=1.2", "--rate", "10", "--cameras", "front,wrist")
    written, shipped = (json.loads(call("robot", "info", robot, "--json", "-").stdout)
                        for robot in (folder, "so101"))
    for mine, theirs in zip(written["joints"], shipped["joints"], strict=True):
        theirs.pop("servo")
        expect(mine == theirs, f"{mine} is not {theirs}")
    expect(written["contracts"] == shipped["contracts"], f"{written['contracts']}")
    solved = json.loads(call("sim", "--robot", folder, "--expert", "--task", "open_drawer", "--json", "-").stdout)
    expect(solved.get("success", True), f"the expert does not open the drawer: {solved}")


def main():
    without_a_terminal()
    at_a_terminal()
    like_the_shipped_one()
    return result("new folder")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
