// `gyre` as a child of a test: started until it names its page's address, and ended.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Starts it with these words; it says its address on either output.
export async function start(gyre, ...words) {
  const env = { ...process.env, XDG_RUNTIME_DIR: mkdtempSync(`${tmpdir()}/gyre-web-`) };
  const child = spawn(gyre, words, { stdio: ["ignore", "pipe", "pipe"], env });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    const hear = (bytes) => {
      if (said.length < 10_000) said += bytes;
      const found = /console at (https?:[^\s;]+)/.exec(said);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`${gyre} ended with ${code}: ${said}`)));
  });
  return { child, address };
}

export async function end(child, signal = "SIGINT") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

// The rows of an answer of `gyre data ask`, as objects.
export function ask(gyre, question, ...where) {
  return JSON.parse(execFileSync(gyre, ["data", "ask", question, ...where, "--json", "-"],
    { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 })).rows;
}
