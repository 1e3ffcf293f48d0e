"""A LeRobot robot class as a driver for Gyre: here an SO-101 follower with one camera.

    python lerobot_arm.py /dev/ttyACM0 /tmp/arm.sock
    gyre drive --robot FOLDER --by-hand --port /tmp/arm.sock

FOLDER's robot.toml has [driver] with kind = "process". LeRobot with use_degrees tells degrees, and the
gripper as 0 .. 100. Its zero is the middle of each joint's range, so MIDDLE holds what the folder's model
says of that pose (rad).
"""
import math
import sys
import time

from lerobot.cameras.opencv import OpenCVCameraConfig
from lerobot.robots.so101_follower import SO101Follower, SO101FollowerConfig

from gyre_driver import Driver, serve

MIDDLE = {"shoulder_pan": 0.0, "shoulder_lift": 0.0, "elbow_flex": 0.0, "wrist_flex": 0.0, "wrist_roll": 0.0}
WIDTH, HEIGHT = 640, 480


class LeRobotArm(Driver):
    robot = "so101"
    joints = [*MIDDLE, "gripper"]
    cameras = {"front": (WIDTH, HEIGHT)}

    def __init__(self, port):
        camera = OpenCVCameraConfig(index_or_path=0, width=WIDTH, height=HEIGHT, fps=30)
        self.arm = SO101Follower(SO101FollowerConfig(port=port, id="so101", use_degrees=True,
                                                     cameras={"front": camera}))
        self.arm.connect(calibrate=False)
        self.front, self.front_ns = None, 0

    def read(self):
        seen = self.arm.get_observation()
        self.front, self.front_ns = seen["front"], time.monotonic_ns()
        return [math.radians(seen[f"{joint}.pos"]) + MIDDLE[joint] for joint in MIDDLE] + [
            seen["gripper.pos"] / 100]

    def write(self, values):
        action = {f"{joint}.pos": math.degrees(value - MIDDLE[joint])
                  for joint, value in zip(MIDDLE, values)}
        self.arm.send_action({**action, "gripper.pos": values[-1] * 100})

    def stop(self):
        self.write(self.read())

    def end(self, at_exit):
        if at_exit == "torque_off":
            self.arm.bus.disable_torque()
        else:
            self.stop()

    def picture(self, name):
        return None if self.front is None else (self.front_ns, self.front.tobytes())


if __name__ == "__main__":
    serve(LeRobotArm(sys.argv[1]), sys.argv[2])
