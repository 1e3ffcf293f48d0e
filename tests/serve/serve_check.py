"""Runs `gyre serve` and asks it as other programs would. serve_check.py GYRE LONE_ANSWER POLICY"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import websockets

from client import Client, Failed, floats, ndarray, pack

GYRE, LONE, POLICY = sys.argv[1:4]
FOLDER = tempfile.TemporaryDirectory()
TOKEN, WATCH = "0123456789abcdef0123", "fedcba98765432100123"


def path(name):
    return os.path.join(FOLDER.name, name)


def expect(holds, what):
    if not holds:
        raise SystemExit(f"serve_check: {what}")


class Server:
    """`gyre serve` on a free port, until the end of `with`."""

    def __init__(self, *flags):
        self.flags = flags

    def __enter__(self):
        self.process = subprocess.Popen(
            [GYRE, "serve", POLICY, "--port", "0", "--workers", "2", *self.flags],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()  # "serving nano on ws://127.0.0.1:41234 with ..."
        self.uri = next((word for word in line.split() if "://" in word), None)
        expect(self.uri, f"no address in '{line}'")
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait(timeout=20) == 128 + signal.SIGTERM, "a clean end on SIGTERM")


def refused(*flags):
    """The one line of a server that does not start."""
    run = subprocess.run([GYRE, "serve", POLICY, "--port", "0", *flags], capture_output=True, text=True, timeout=60)
    expect(run.returncode == 2, f"exit code 2 for {flags}, not {run.returncode}")
    expect(run.stderr.count("\n") == 1, f"one line for {flags}: {run.stderr}")
    return run.stderr


def observation(seed, side=64, fields=10):
    chance = random.Random(seed)
    picture = lambda: ndarray(chance.randbytes(side * side * 3), "|u1", [side, side, 3])
    state = [0.2 + 0.1 * chance.random() for _ in range(fields)]
    return {"images": {"front": picture(), "wrist": picture()}, "state": floats(state),
            "prompt": "put the red cup into the sink"}


def lone_actions(message, embodiment, answer):
    """The bytes of the actions that the policy gives in a process of its own, from what the answer names."""
    with open(path("request"), "wb") as file:
        file.write(message)
    named = answer["gyre"]
    return subprocess.run([LONE, POLICY, path("request"), embodiment, str(named["noise_id"]), str(named["seed"])],
                          check=True, capture_output=True).stdout


async def openpi_client(uri):
    async with Client(uri) as client:
        about = client.metadata
        expect(about["embodiment"] == "so101/ee", "so101/ee is the default")
        expect(len(about["embodiments"]["so101/ee"]["contract_hash"]) == 16, "the contract's hash")
        message = pack(observation(1))
        for turn in range(2):
            answer = await client.infer(message)
            actions = answer["actions"]
            expect(actions[b"shape"] == [about["action_horizon"], about["action_dim"]], "actions [H, D]")
            expect(actions[b"dtype"] == "<f4", "float32")
            expect(answer["policy_timing"]["infer_ms"] > 0, "policy_timing")
            expect(("prev_total_ms" in answer["server_timing"]) == (turn > 0), "prev_total_ms from the second on")
            expect(actions[b"data"] == lone_actions(message, "so101/ee", answer), "the same bits in process")


async def pictures(uri):
    """Planes of colour, and pictures of another size."""
    async with Client(uri) as client:
        asked = observation(2)
        asked["gyre"] = {"id": 1, "seed": 5}
        answer = await client.infer(asked)
        for camera in asked["images"].values():
            pixels = camera[b"data"]
            camera[b"data"] = pixels[0::3] + pixels[1::3] + pixels[2::3]
            camera[b"shape"] = [3, 64, 64]
        expect((await client.infer(asked))["actions"] == answer["actions"], "[3, H, W] is the same picture")
        large = observation(3, side=224)
        large["gyre"] = {"id": 2, "seed": 5}
        message = pack(large)
        answer = await client.infer(message)
        expect(answer["actions"][b"data"] == lone_actions(message, "so101/ee", answer), "a larger picture")


async def many_at_once(uri):
    """Two robots' contracts in one batch, pings and a refusal between them."""
    async with Client(uri) as client:
        messages = {}
        for number in range(6):
            asked = observation(10 + number)
            embodiment = "so101/ee" if number % 2 else "panda/ee"
            asked["gyre"] = {"id": number, "seed": 2**64 - 1 - number, "embodiment": embodiment, "generation": 3,
                             "contract_hash": client.metadata["embodiments"][embodiment]["contract_hash"]}
            messages[number] = (pack(asked), embodiment)
        for message, _ in messages.values():
            await client.send(message)
        await (await client.socket.ping())
        late = observation(20)
        late["gyre"] = {"id": 100, "deadline_ms": 0.01}
        await client.send(late)
        other = observation(20)
        other["gyre"] = {"id": 101, "contract_hash": "0" * 16}
        await client.send(other)
        answers = {}
        while len(answers) < 8:
            answer = await client.receive()
            answers[answer["gyre"]["id"]] = answer
        expect("refused" in answers[100]["gyre"], "a deadline that cannot be met is refused")
        expect("contract" in answers[101]["gyre"]["error"], "another contract is refused")
        for number, (message, embodiment) in messages.items():
            answer = answers[number]
            expect(answer["gyre"]["generation"] == 3, "the generation comes back")
            expect(answer["actions"][b"data"] == lone_actions(message, embodiment, answer),
                   f"request {number} of {embodiment}: the same bits in a batch and alone")


async def bad_input(uri):
    empty = observation(1)
    empty["images"]["front"] = ndarray(b"", "|u1", [0, 64, 3])
    false_shape = observation(1)
    false_shape["images"]["front"][b"shape"] = [10000, 10000, 3]
    wrong_dtype = observation(1)
    wrong_dtype["state"][b"dtype"] = "|O"
    short_state = observation(1)
    short_state["state"] = floats([0.0] * 9)
    nan_state = observation(1)
    nan_state["state"] = floats([float("nan")] * 10)
    no_prompt = observation(1)
    del no_prompt["prompt"]
    for bad in [b"garbage", "text", b"", b"\x91" * 10000, b"\xc6\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", empty,
                false_shape, wrong_dtype, short_state, nan_state, no_prompt]:
        async with Client(uri) as client:
            try:
                await client.infer(bad)
                expect(False, f"an answer to {str(bad)[:60]}")
            except Failed as line:
                expect(len(str(line)) < 300 and "\n" not in str(line), f"one short line: {line}")
            try:
                await client.receive()
                expect(False, "the connection goes on")
            except websockets.ConnectionClosed as end:
                expect(end.code == 1011, f"closed with 1011, not {end.code}")
    async with Client(uri) as client:
        try:
            await client.infer(b"x" * (17 << 20))
            expect(False, "17 MiB were taken")
        except websockets.ConnectionClosed:
            pass
    async with Client(uri) as client:
        await client.infer(observation(1))  # all others go on


async def status_of(uri, **how):
    try:
        async with Client(uri, **how):
            return 101
    except websockets.InvalidStatusCode as error:
        return error.status_code


def http(uri, method="GET", token=None):
    request = urllib.request.Request(uri.replace("ws://", "http://"), method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def tokens(uri):
    expect(await status_of(uri) == 401, "no token")
    expect(await status_of(uri, token=TOKEN[:-1] + "x") == 401, "a wrong token")
    expect(await status_of(uri, token=TOKEN, headers={"Origin": "http://evil.example"}) == 403, "another origin")
    expect(await status_of(uri + "/other", token=TOKEN) == 404, "another policy")
    expect(http(uri + "/healthz") == (200, "OK\n"), "/healthz")
    expect(http(uri + "/metrics")[0] == 401, "/metrics wants a token")
    expect(http(uri + "/policies/nano/swap", "POST", WATCH)[0] == 403, "a watcher does not swap")
    async with Client(uri, token=TOKEN) as client:
        before = await client.infer(observation(1))
        status, text = http(uri + "/policies/nano/swap", "POST", TOKEN)
        expect((status, text.strip()) == (200, before["gyre"]["policy_hash"]), f"a swap: {status} {text}")
        await client.infer(observation(1))
    expect('gyre_requests_total{end="answered",policy="nano"} 2' in http(uri + "/metrics", token=WATCH)[1], "metrics")
    async with Client(uri, token=WATCH, scheme="Bearer") as client:
        try:
            await client.infer(observation(1))
            expect(False, "a watcher drives")
        except Failed:
            pass


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=FOLDER.name)


def certificates():
    """good.pem, and old.pem of the same key, which held in 2020."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "good.key",
            "-out", "good.pem")
    openssl("req", "-new", "-key", "good.key", "-subj", "/CN=localhost", "-out", "old.csr")
    with open(path("ca.conf"), "w") as file:
        file.write("[ca]\ndefault_ca = c\n[c]\ndatabase = index\nnew_certs_dir = .\ndefault_md = sha256\n"
                   "policy = p\nrand_serial = yes\n[p]\ncommonName = supplied\n")
    open(path("index"), "w").close()
    openssl("ca", "-batch", "-selfsign", "-config", "ca.conf", "-keyfile", "good.key", "-in", "old.csr",
            "-startdate", "20200101000000Z", "-enddate", "20200102000000Z", "-out", "old.pem")


async def over_tls(uri):
    async with Client(uri, token=TOKEN, certificate=path("good.pem")) as client:
        expect("actions" in await client.infer(observation(1)), "an answer over TLS")


def main():
    with open(path("tokens"), "w") as file:
        file.write(f"drive {TOKEN}\nwatch {WATCH}\n")
    with Server("--batch", "8", "--journal", path("journal")) as server:
        for check in (openpi_client, pictures, many_at_once, bad_input):
            asyncio.run(check(server.uri))
    recorded = subprocess.run([GYRE, "data", "info", path("journal")], capture_output=True, text=True)
    expect(recorded.returncode == 0, f"the journal can be read: {recorded.stderr}")
    certificates()
    tls = lambda name: ("--tls-cert", path(name + ".pem"), "--tls-key", path("good.key"))
    with Server("--token-file", path("tokens")) as server:
        asyncio.run(tokens(server.uri))
    with Server("--listen", "0.0.0.0", "--token-file", path("tokens"), *tls("good")) as server:
        asyncio.run(over_tls(server.uri.replace("0.0.0.0", "127.0.0.1")))
    expect("--tls-cert" in refused("--listen", "0.0.0.0"), "an open address wants TLS and tokens")
    expect("expired" in refused(*tls("old")), "an expired certificate")
    expect("so101/joint" in refused("--embodiment", "so101/joint"), "a contract that the policy does not know")
    print("serve_check: all held")


main()
