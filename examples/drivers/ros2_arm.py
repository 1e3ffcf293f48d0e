"""A ROS 2 arm behind ros2_control as a driver for Gyre: joint states in, a trajectory of one point out.

    python ros2_arm.py /tmp/arm.sock
    gyre drive --robot FOLDER --by-hand --port /tmp/arm.sock

FOLDER's robot.toml has [driver] with kind = "process"; `gyre robot new` writes FOLDER from the arm's URDF.
"""
import sys
import threading
import time

import rclpy
from builtin_interfaces.msg import Duration
from rclpy.node import Node
from sensor_msgs.msg import Image, JointState
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from gyre_driver import Driver, serve

ROBOT = "panda"
ARM = [f"joint{i}" for i in range(1, 8)]     # the folder's names, which are the URDF's
GRIPPER, CLOSED, OPEN = "finger1", 0.0, 0.04
REACH_NS = 50_000_000                        # in which a point is to be reached
WIDTH, HEIGHT = 640, 480


class Ros2Arm(Driver):
    robot, joints, cameras = ROBOT, [*ARM, "gripper"], {"front": (WIDTH, HEIGHT)}

    def __init__(self):
        rclpy.init()
        self.node = Node("gyre_driver")
        self.at, self.at_time, self.front = {}, 0.0, None
        self.node.create_subscription(JointState, "joint_states", self.joint_states, 1)
        self.node.create_subscription(Image, "camera/image_raw", self.image, 1)
        self.arm = self.node.create_publisher(JointTrajectory, "arm_controller/joint_trajectory", 1)
        self.hand = self.node.create_publisher(JointTrajectory, "gripper_controller/joint_trajectory", 1)
        threading.Thread(target=rclpy.spin, args=(self.node,), daemon=True).start()

    def joint_states(self, message):
        self.at = {**self.at, **dict(zip(message.name, message.position))}
        self.at_time = time.monotonic()

    def image(self, message):
        if (message.encoding, message.width, message.height) == ("rgb8", WIDTH, HEIGHT):
            self.front = (time.monotonic_ns(), bytes(message.data))

    def read(self):
        if time.monotonic() - self.at_time > 0.2:
            raise RuntimeError("no joint_states for 0.2 s")
        return [self.at[joint] for joint in ARM] + [(self.at[GRIPPER] - CLOSED) / (OPEN - CLOSED)]

    def go(self, publisher, names, positions):
        point = JointTrajectoryPoint(positions=positions, time_from_start=Duration(nanosec=REACH_NS))
        publisher.publish(JointTrajectory(joint_names=names, points=[point]))

    def write(self, values):
        self.go(self.arm, ARM, [float(value) for value in values[:-1]])
        self.go(self.hand, [GRIPPER], [CLOSED + values[-1] * (OPEN - CLOSED)])

    def stop(self):
        if all(joint in self.at for joint in ARM):
            self.go(self.arm, ARM, [self.at[joint] for joint in ARM])

    def end(self, at_exit):
        self.stop()  # ros2_control keeps the arm's torque; "torque_off" needs the controller's own service

    def picture(self, name):
        return self.front


if __name__ == "__main__":
    serve(Ros2Arm(), sys.argv[1])
