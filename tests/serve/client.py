"""A client of openpi's websocket protocol, written from its description, with Debian's websockets and msgpack."""

import array
import ssl

import msgpack
import websockets


def ndarray(data, dtype, shape):
    """An array as msgpack-numpy writes it: a map with byte keys."""
    return {b"__ndarray__": True, b"data": bytes(data), b"dtype": dtype, b"shape": list(shape)}


def floats(values):
    return ndarray(array.array("f", values).tobytes(), "<f4", [len(values)])


def pack(message):
    return msgpack.packb(message, use_bin_type=True)


def unpack(message):
    return msgpack.unpackb(message, raw=False)


class Failed(Exception):
    """The server answered with a line of text."""


class Client:
    """async with Client("ws://127.0.0.1:8000") as client: answer = await client.infer(observation)"""

    def __init__(self, uri, token=None, scheme="Api-Key", certificate=None, headers=None):
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = f"{scheme} {token}"
        trust = ssl.create_default_context(cafile=certificate) if certificate else None
        self._connect = websockets.connect(
            uri, compression=None, max_size=None, extra_headers=headers, **({"ssl": trust} if trust else {}))
        self.metadata = None
        self.socket = None

    async def __aenter__(self):
        self.socket = await self._connect
        self.metadata = unpack(await self.socket.recv())
        return self

    async def __aexit__(self, *error):
        await self.socket.close()

    async def send(self, observation):
        await self.socket.send(observation if isinstance(observation, (bytes, str)) else pack(observation))

    async def receive(self):
        message = await self.socket.recv()
        if isinstance(message, str):
            raise Failed(message)
        return unpack(message)

    async def infer(self, observation):
        await self.send(observation)
        return await self.receive()
