// Reads MCAP files with the format's own library and prints one line of JSON for each:
//   {file, complete, messages: {topic: count}, error}
//
//   read_mcap.mjs NODE_MODULES FILE...
//
// The stream reader goes through every file, whole or torn; a file with a footer must say the same
// through its indexes.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, "any.js"));
const { McapStreamReader, McapIndexedReader } = require("@mcap/core");
const zstd = require("@foxglove/wasm-zstd");
await zstd.isLoaded;
const decompressHandlers = { zstd: (data, size) => zstd.decompress(data, Number(size)) };

function count(messages, topic) {
  messages[topic] = (messages[topic] ?? 0) + 1;
}

function streamed(bytes) {
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true });
  const topics = new Map();
  const messages = {};
  reader.append(bytes);
  for (let record; (record = reader.nextRecord()); ) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type === "Message") count(messages, topics.get(record.channelId));
  }
  return { complete: reader.done(), messages };
}

async function indexed(bytes) {
  const readable = {
    size: async () => BigInt(bytes.length),
    read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)),
  };
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
  const messages = {};
  for await (const message of reader.readMessages({ validateCrcs: true })) {
    count(messages, reader.channelsById.get(message.channelId).topic);
  }
  const total = Object.values(messages).reduce((sum, n) => sum + n, 0);
  const said = Number(reader.statistics.messageCount);
  if (said !== total) throw new Error(`the statistics say ${said} messages, there are ${total}`);
  let attachments = 0;
  for await (const attachment of reader.readAttachments({ validateCrcs: true })) {
    attachments += attachment.data.length > 0;
  }
  if (attachments !== reader.statistics.attachmentCount) throw new Error("attachments are missing");
  return messages;
}

const sorted = (messages) => JSON.stringify(Object.entries(messages).sort());

for (const file of files) {
  const result = { file: path.basename(file), complete: false, messages: {}, error: null };
  try {
    const bytes = new Uint8Array(fs.readFileSync(file));
    Object.assign(result, streamed(bytes));
    if (result.complete) {
      const messages = await indexed(bytes);
      if (sorted(messages) !== sorted(result.messages)) {
        throw new Error(`the indexes give ${sorted(messages)}`);
      }
    }
  } catch (error) {
    result.error = error.message;
  }
  console.log(JSON.stringify(result));
}
