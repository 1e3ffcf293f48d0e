// A page of the console without a browser: a websocket that takes everything and draws nothing.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";

export class Viewer {
  bytes = 0;
  ended; // a promise
  #socket;
  #rest = Buffer.alloc(0);

  // Watches robot `robot` (-1: the wall), with its scene or without. `told` is given each message of text that comes in
  // one frame.
  constructor(address, { robot = 0, scene = false, told } = {}) {
    const { hostname, port, host } = new URL(address);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on("error", () => {});
    this.#socket.on("data", (bytes) => this.#read(bytes, told));
    this.ended = new Promise((resolve) => this.#socket.once("close", resolve));
    const lines = ["GET /live HTTP/1.1", `Host: ${host}`, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`];
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    this.#socket.once("data", () => this.#send(0x1, JSON.stringify({ robot, verb: "watch", scene })));
  }

  // Says goodbye, as a page that is closed does.
  close() {
    this.#send(0x8, "");
    setTimeout(() => this.#socket.destroy(), 500).unref();
    return this.ended;
  }

  // Goes without a word, as a phone that has lost its network.
  abort() {
    this.#socket.resetAndDestroy();
    return this.ended;
  }

  // Frames of the server, after the head of its HTTP answer.
  #read(bytes, told) {
    this.bytes += bytes.length;
    let rest = Buffer.concat([this.#rest, bytes]);
    if (rest[0] === 0x48) rest = rest.subarray(rest.indexOf("\r\n\r\n") + 4); // "HTTP/1.1 101 ..."
    while (rest.length >= 2) {
      const short = rest[1] & 0x7f;
      const head = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (rest.length < head) break;
      const size = short === 127 ? Number(rest.readBigUInt64BE(2)) : short === 126 ? rest.readUInt16BE(2) : short;
      if (rest.length < head + size) break;
      if (rest[0] === 0x81) told?.(JSON.parse(rest.toString("utf8", head, head + size)));
      if (rest[0] === 0x89) this.#send(0xa, rest.subarray(head, head + size)); // a ping is answered
      rest = rest.subarray(head + size);
    }
    this.#rest = rest;
  }

  // A frame of a client: masked, below 126 bytes.
  #send(opcode, content) {
    const payload = Buffer.from(content), mask = randomBytes(4);
    for (let i = 0; i < payload.length; ++i) payload[i] ^= mask[i % 4];
    if (!this.#socket.destroyed) this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, payload]));
  }
}
