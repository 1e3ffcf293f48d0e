// Memory of the server over long days of tape, with viewers that come and go:
//   node tests/web/soak.mjs build/gyre [--hours 24] [--speed 100] [--robots N] [--journal DIR] [--json FILE|-]
//
// Replays a recording `--speed` times as fast as it was made until so many hours of each robot's clock have passed. Without
// --journal it first records a minute of the simulated kitchen. Every 0.3 s a viewer comes (wall, one robot, or one robot with
// its scene) or goes, half of them without a word. Not a part of `make test`.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { end, sleep, start } from "./program.mjs";
import { Viewer } from "./viewer.mjs";

const [gyre, ...flags] = process.argv.slice(2);
const flag = (name, otherwise) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : otherwise);
const hours = Number(flag("--hours", "24"));
const speed = flag("--speed", "100");
const robots = Number(flag("--robots", "1"));
const json = flag("--json", "");
const mostViewers = 6;

async function recordMinute() {
  const journal = mkdtempSync(`${tmpdir()}/gyre-soak-`);
  const { child } = await start(gyre, "sim", "--console=0", "--suite", "trained", "--seed", "3", "--journal", journal);
  await sleep(60_000);
  await end(child);
  return journal;
}

const residentMib = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

let state = 1;
function chance() { // of a fixed seed
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

const journal = flag("--journal", "") || (await recordMinute());
const { child, address } = await start(gyre, "console", "--replay", journal, "--robots", String(robots), "--speed", speed, "--port", "0");
const clocks = Array.from({ length: robots }, () => ({ first: undefined, now: 0 }));
const witness = new Viewer(address, { robot: -1, told: ({ type, robot, time_s }) => { // the wall hears of all robots
  if (type !== "status") return;
  clocks[robot].first ??= time_s;
  clocks[robot].now = time_s;
} });
const playedH = () => Math.min(...clocks.map(({ first, now }) => (now - (first ?? now)) / 3600));
const samples = new Map(); // MiB, by the hour of tape
const viewers = [];
let came = 0, nextMs = 0;
const began = Date.now();
try {
  while (playedH() < hours) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (viewers.length === 0 || (viewers.length < mostViewers && chance() < 0.5)) {
      const robot = Math.floor(chance() * (robots + 1)) - 1;
      viewers.push(new Viewer(address, { robot, scene: robot >= 0 && chance() < 0.5 }));
      ++came;
    } else {
      const [viewer] = viewers.splice(Math.floor(chance() * viewers.length), 1);
      await (chance() < 0.5 ? viewer.close() : viewer.abort());
    }
    await sleep(300);
    const hour = Math.floor(playedH());
    if (!samples.has(hour)) samples.set(hour, []);
    samples.get(hour).push(residentMib(child.pid));
    if (Date.now() > nextMs) {
      process.stderr.write(`${playedH().toFixed(2)} h played, ${residentMib(child.pid).toFixed(1)} MiB, ${came} viewers came\n`);
      nextMs = Date.now() + 15_000;
    }
  }
} finally {
  await Promise.all([...viewers, witness].map((viewer) => viewer.close()));
  await end(child);
}
const byHour = [...samples.entries()].filter(([hour]) => hour < hours).map(([, values]) => median(values));
const settled = byHour.slice(1);
const figures = {
  machine: `${cpus().length} x ${cpus()[0].model}`,
  hours_of_tape: Math.round(playedH() * 10) / 10,
  robots,
  wall_s: Math.round((Date.now() - began) / 1000),
  viewers_came: came,
  mib_by_hour: byHour.map((mib) => Math.round(mib * 10) / 10),
  spread_after_first_hour_percent: Math.round((Math.max(...settled) / Math.min(...settled) - 1) * 1000) / 10,
};
const text = JSON.stringify(figures, null, 2);
if (json && json !== "-") writeFileSync(json, `${text}\n`);
console.log(text);
