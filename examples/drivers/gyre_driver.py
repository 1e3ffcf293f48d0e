"""The driver's side of docs/drivers.md. Standard library alone.

Derive from Driver, then serve(driver, "/tmp/arm.sock").
"""
import json
import os
import socket
import time

SLACK = 1e-4  # of a command outside of its limits: rounding


class Driver:
    robot = ""    # the folder's name
    joints = []   # the folder's joints in order, then "gripper"
    cameras = {}  # name: (width, height)
    rate = 100    # states a second

    def read(self):
        """Positions in the order of `joints`: rad or m, the gripper 0 closed .. 1 open."""
        raise NotImplementedError

    def write(self, values):
        """Go there; called again before it is reached."""
        raise NotImplementedError

    def stop(self):
        """Brake and hold, now. Also called when commands fall silent."""
        raise NotImplementedError

    def end(self, at_exit):
        """Nobody drives any more: "torque_off" or "hold"."""

    def picture(self, name):
        """(time_ns, RGB bytes) of the newest picture; None where there is none."""


def send(connection, message, payload=b""):
    connection.sendall(json.dumps(message).encode() + b"\n" + payload)


def send_pictures(driver, connection, sent):
    for name, (width, height) in driver.cameras.items():
        picture = driver.picture(name)
        if picture is not None and picture[0] != sent.get(name):
            sent[name] = picture[0]
            send(connection, {"picture": name, "time_ns": picture[0], "width": width, "height": height,
                              "format": "rgb", "bytes": len(picture[1])}, picture[1])


def obey(driver, lines, fields):
    """Carries out a stop and the newest command. Returns whether there was a command."""
    messages = [json.loads(line) for line in lines]
    if any("stop" in message for message in messages):
        driver.stop()
    commands = [message["command"] for message in messages if "command" in message]
    if not commands:
        return False
    for value, field in zip(commands[-1], fields, strict=True):
        if not field["min"] - SLACK <= value <= field["max"] + SLACK:
            raise ValueError(f"refuses {value} for {field['name']}: outside of its limits")
    driver.write(commands[-1])
    return True


def receive(connection, wait_s):
    connection.settimeout(wait_s)
    try:
        piece = connection.recv(65536)
    except TimeoutError:
        return b""
    finally:
        connection.settimeout(None)
    if not piece:
        raise EOFError
    return piece


def drive(driver, connection):
    """Until the connection ends; a connection that breaks has ended too."""
    send(connection, {"hello": 1, "robot": driver.robot, "joints": driver.joints,
                      "cameras": driver.cameras})
    terms = json.loads(connection.makefile().readline())
    rest, sent, heard = b"", {}, time.monotonic()
    while True:
        try:
            state = list(driver.read())
            send(connection, {"state": state, "time_ns": time.monotonic_ns()})
            send_pictures(driver, connection, sent)
            *lines, rest = (rest + receive(connection, 1 / driver.rate)).split(b"\n")
            if obey(driver, lines, terms["fields"]):
                heard = time.monotonic()
            elif heard is not None and time.monotonic() - heard > terms["silence_s"]:
                driver.stop()
                heard = None
        except (BrokenPipeError, ConnectionResetError, EOFError):
            return driver.end(terms["at_exit"])
        except Exception as error:  # of the robot's: told, and over when the next state is good
            driver.stop()
            send(connection, {"fault": str(error)[:200]})
            send(connection, {"fault": ""})


def serve(driver, path):
    """One Gyre after another."""
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    while True:
        drive(driver, listener.accept()[0])
