"""Asks LeRobot's gRPC service as its robot client does, with stub classes instead of lerobot, numpy and torch.
lerobot_check.py SERVER"""

import dataclasses
import os
import pickle
import subprocess
import sys
import tempfile
import types

import grpc

HELPERS = "lerobot.async_inference.helpers"


def module(name):
    for end in range(1, len(name.split(".")) + 1):
        part = ".".join(name.split(".")[:end])
        sys.modules.setdefault(part, types.ModuleType(part))
    return sys.modules[name]


def stub(where, name, fields):
    made = dataclasses.make_dataclass(name, fields)
    made.__module__, made.__qualname__ = where, name
    setattr(module(where), name, made)
    return made


RemotePolicyConfig = stub(HELPERS, "RemotePolicyConfig", [
    "policy_type", "pretrained_name_or_path", "lerobot_features", "actions_per_chunk", "device", "rename_map"])
TimedObservation = stub(HELPERS, "TimedObservation", ["timestamp", "timestep", "observation", "must_go"])
TimedAction = stub(HELPERS, "TimedAction", ["timestamp", "timestep", "action"])


def function(where, name, made):
    made.__module__, made.__qualname__, made.__name__ = where, name, name
    setattr(module(where), name, made)
    return made


class Dtype:
    def __init__(self, *_):
        pass

    def __reduce__(self):
        return dtype, ("u1", False, True), (3, "|", None, None, None, -1, -1, 0)

    def __setstate__(self, state):
        pass


class Pixels:
    """A picture that pickles as numpy's uint8 array of [height, width, 3]."""

    def __init__(self, height, width):
        self.shape = (height, width, 3)

    def __reduce__(self):
        count = self.shape[0] * self.shape[1] * 3
        return reconstruct, (ndarray, (0,), b"b"), (1, self.shape, Dtype(), False, bytes(count))


ndarray = function("numpy", "ndarray", type("ndarray", (), {}))
dtype = function("numpy", "dtype", type("dtype", (), {}))
reconstruct = function("numpy.core.multiarray", "_reconstruct", lambda *arguments: None)
module("torch").tensor = lambda numbers: ("tensor", numbers)


def expect(holds, what):
    if not holds:
        raise SystemExit(f"lerobot_check: {what}")


def field(number, data):
    size, head = len(data), b""
    while True:
        head += bytes([size & 127 | (128 if size > 127 else 0)])
        size >>= 7
        if not size:
            return bytes([number << 3 | 2]) + head + data


class Robot:
    def __init__(self, port):
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
        call = lambda name, kind: getattr(channel, kind)(f"/transport.AsyncInference/{name}")
        self.ready = call("Ready", "unary_unary")
        self.set_up = call("SendPolicyInstructions", "unary_unary")
        self.observe = call("SendObservations", "stream_unary")
        self.act = call("GetActions", "unary_unary")
        self.other = call("Other", "unary_unary")

    def send_setup(self, names=("joint0.pos", "joint1.pos"), camera="front", raw=None):
        features = {"observation.state": {"dtype": "float32", "shape": (len(names),), "names": list(names)},
                    f"observation.images.{camera}": {"dtype": "video", "shape": (8, 8, 3),
                                                     "names": ["height", "width", "channels"]}}
        setup = RemotePolicyConfig("pi05", "x/nano", features, 3, "cpu", {})
        self.set_up(field(1, raw or pickle.dumps(setup)))

    def send(self, step, pieces=1, must_go=False, protocol=4, **change):
        seen = {"joint0.pos": 10.0, "joint1.pos": -5.0, "front": Pixels(8, 8), "task": "open the drawer", **change}
        data = pickle.dumps(TimedObservation(100.5, step, seen, must_go), protocol=protocol)
        self.send_raw(data, pieces)

    def send_raw(self, data, pieces=1):
        size = -(-len(data) // pieces)
        parts = [data[i:i + size] for i in range(0, len(data), size)]
        states = [3] if len(parts) == 1 else [1] + [2] * (len(parts) - 2) + [3]
        self.observe(iter([bytes([8, state]) + field(2, part) for state, part in zip(states, parts)]))

    def actions(self):
        message = self.act(b"")
        if not message:
            return []
        expect(message[0] == 10, "Actions has its bytes in field 1")
        start = 1
        while message[start] & 128:
            start += 1
        return pickle.loads(message[start + 1:])


def refused(call):
    try:
        call()
    except grpc.RpcError as error:
        expect("\n" not in error.details(), f"one line: {error.details()}")
        return error.details()
    raise SystemExit("lerobot_check: a bad message was taken")


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def check(port):
    robot = Robot(port)
    expect("Ready" in refused(lambda: robot.send(0)), "Ready comes first")
    robot.ready(b"")
    expect(robot.actions() == [], "no actions without a policy")
    robot.send_setup()
    expect(robot.actions() == [], "no actions without an observation")
    for step, pieces, protocol in [(7, 1, 4), (8, 5, 5), (9, 2, 3)]:
        robot.send(step, pieces, protocol=protocol)
        actions = robot.actions()
        expect([action.timestep for action in actions] == [step, step + 1, step + 2], "steps of the chunk")
        expect([round(action.timestamp, 6) for action in actions] == [100.5, 100.6, 100.7], "times of the chunk")
        for action in actions:
            expect(type(action) is TimedAction and action.action[0] == "tensor", "a TimedAction with a tensor")
            expect(len(action.action[1]) == 2 and all(type(x) is float for x in action.action[1]), "two floats")
    robot.send(9)
    expect(robot.actions() == [], "a step that was answered is left out")
    robot.send(9, must_go=True)
    expect(len(robot.actions()) == 3, "unless it must go")
    other = Robot(port)
    other.ready(b"")
    other.send_setup()
    other.send(0)
    expect(len(other.actions()) == 3, "another robot begins anew")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "called")
        expect("class or function" in refused(lambda: robot.send_raw(pickle.dumps(Evil(path)))), "os.system")
        refused(lambda: robot.send_setup(raw=pickle.dumps(Evil(path))))
        refused(lambda: robot.send(10, front=Evil(path)))
        expect(not os.path.exists(path), "nothing is called")
    expect("wheel" in refused(lambda: robot.send_setup(names=("wheel.pos", "joint1.pos"))), "both sides are named")
    expect("side" in refused(lambda: robot.send_setup(camera="side")), "cameras too")
    refused(lambda: robot.send(10, front=Pixels(2000, 2000)))
    refused(lambda: robot.send(10, **{"joint0.pos": float("nan")}))
    refused(lambda: robot.send_raw(b"garbage"))
    refused(lambda: robot.send_raw(bytes(17 << 20), 10))
    expect("no such call" in refused(lambda: robot.other(b"")), "another call")
    refused(lambda: robot.send(11, **{"joint0.pos": "text"}))
    robot.send(12)
    expect(len(robot.actions()) == 3, "the robot goes on after all that")


server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
try:
    check(int(server.stdout.readline()))
finally:
    server.stdin.close()
    code = server.wait(timeout=20)
expect(code == 0, f"a clean end, not {code}")
print("lerobot_check: ok")
