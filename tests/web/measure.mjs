// Figures of the console, with the page in Chromium on the same machine:
//   node tests/web/measure.mjs build/gyre [--only page|lost|wake] [--seconds N] [--json FILE|-]
//
// page: paint, pictures, keys, viewers, a killed server; lost: pages that are lost in a take-over; wake: the control
// loop's wake-ups. Without --only all of them. Times of the page are taken twice, with the 3-D view closed and open. Not a test: times depend on the machine and on
// what else runs on it.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import { lostPages } from "./lost_pages.mjs";
import { end, sleep, start } from "./program.mjs";
import { Viewer } from "./viewer.mjs";
import { wakeUps } from "./wake_ups.mjs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [gyre, ...flags] = process.argv.slice(2);
const flag = (name, otherwise) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : otherwise);
const seconds = Number(flag("--seconds", "10"));
const json = flag("--json", "");
const only = flag("--only", "");
const measures = (part) => only === "" || only === part;

function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}
const summary = (values) => values.length === 0 ? { count: 0 } : { count: values.length, p50: round(percentile(values, 0.5)), p95: round(percentile(values, 0.95)) };
const round = (value) => Math.round(value * 10) / 10;

const startSim = (port) => start(gyre, "sim", `--console=${port}`, "--suite", "trained", "--seed", "3");

// Seconds of processor time of a process so far.
function processorS(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function loadOf(pid, forS) {
  const before = processorS(pid);
  await sleep(forS * 1000);
  return (processorS(pid) - before) / forS;
}

// Milliseconds from a picture's capture to the frame of the browser that shows it. Robot clock, browser and this
// program count from the machine's monotonic clock; the page's origin on it is found by asking the kernel.
async function glassToGlass(page, originMs) {
  return page.evaluate(({ originMs, forMs }) => new Promise((resolve) => {
    const ages = [];
    const watch = new MutationObserver((changes) => {
      const times = changes.map((change) => Number(change.target.dataset.time) * 1000);
      requestAnimationFrame(() => requestAnimationFrame(() => {
        for (const time of times) ages.push(originMs + performance.now() - time);
      }));
    });
    for (const canvas of document.querySelectorAll("figure canvas[data-time]")) watch.observe(canvas, { attributeFilter: ["data-time"] });
    setTimeout(() => {
      watch.disconnect();
      resolve(ages);
    }, forMs);
  }), { originMs, forMs: seconds * 1000 });
}

// The machine's monotonic clock when the page's performance.now() was 0. process.hrtime() reads the same clock;
// the shortest of several calls bounds the error by half its time.
async function originOf(page) {
  let best = { spanMs: Infinity, originMs: 0 };
  for (let i = 0; i < 30; ++i) {
    const before = Number(process.hrtime.bigint()) / 1e6;
    const pageMs = await page.evaluate(() => performance.now());
    const after = Number(process.hrtime.bigint()) / 1e6;
    if (after - before < best.spanMs) best = { spanMs: after - before, originMs: (before + after) / 2 - pageMs };
  }
  return best;
}

// Milliseconds from a key's event in the page to the control period whose command follows it, by the robot's clock.
async function keyToCommand(page, originMs) {
  await page.getByRole("button", { name: "Take over" }).click();
  await page.keyboard.down("Space");
  await page.evaluate(() => {
    window.keyTimes = [];
    window.moves = [];
    addEventListener("keydown", (event) => event.code === "KeyA" && !event.repeat && window.keyTimes.push(performance.now()), true);
    const socket = new WebSocket(`ws://${location.host}/live`);
    let moving = [];
    socket.onmessage = ({ data }) => {
      const told = typeof data === "string" ? JSON.parse(data) : {};
      if (told.type === "hello") moving = told.robots[0].action.flatMap((field, i) => (["dx", "dy", "dz"].includes(field.name) ? [i] : []));
      if (told.type !== "samples") return;
      told.time_s.forEach((time, i) => window.moves.push([time * 1000, told.source[i] === "human" && moving.some((one) => Math.abs(told.sent[i][one]) > 1e-5)]));
    };
  });
  await sleep(1000);
  for (let i = 0; i < 20; ++i) {
    await page.keyboard.down("a");
    await sleep(150);
    await page.keyboard.up("a");
    await sleep(350);
  }
  await sleep(300);
  await page.keyboard.up("Space");
  const { keys, moves } = await page.evaluate(() => ({ keys: window.keyTimes, moves: window.moves }));
  await page.getByRole("button", { name: "Give back" }).click();
  return keys.flatMap((key) => {
    const pressed = originMs + key;
    const first = moves.find(([time, moved]) => moved && time >= pressed);
    return first && first[0] - pressed < 400 ? [first[0] - pressed] : [];
  });
}

const dist = new URL("../../console/dist/", import.meta.url);
const files = readdirSync(dist).map((name) => ({ name, bytes: readFileSync(new URL(name, dist)) }));
const figures = {
  machine: `${cpus().length} x ${cpus()[0].model}`,
  bundle_bytes: files.reduce((sum, file) => sum + file.bytes.length, 0),
  packed_bytes_without_three: files.filter(({ name }) => !name.includes("three")).reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0),
};

async function measurePage() {
  let { child, address } = await startSim(0);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    figures.first_paint_ms = [];
    for (let i = 0; i < 5; ++i) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      await page.goto(address);
      figures.first_paint_ms.push(round(await page.evaluate(() => new Promise((resolve) => {
        const seen = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
        const poll = () => (seen() === undefined ? requestAnimationFrame(poll) : resolve(seen()));
        poll();
      }))));
      await page.close();
    }
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(address);
    await page.waitForFunction(() => document.querySelector("figure canvas[data-time]"));
    const origin = await originOf(page);
    figures.clock_error_ms = round(origin.spanMs / 2);
    for (const view of ["closed", "open"]) {
      if (view === "open") {
        await page.getByRole("button", { name: "3-D view" }).click();
        await page.waitForFunction(() => Number(document.querySelector("[data-testid=scene]")?.dataset.drawn) > 3);
      }
      const drawn = () => page.evaluate(() => Number(document.querySelector("[data-testid=scene]")?.dataset.drawn ?? 0));
      const before = await drawn();
      const ages = await glassToGlass(page, origin.originMs);
      const figure = { glass_to_glass_ms: summary(ages), scene_pictures_per_s: round(((await drawn()) - before) / seconds) };
      figure.key_to_command_ms = summary(await keyToCommand(page, origin.originMs));
      await page.waitForFunction(() => document.querySelector("[data-testid=mode]")?.textContent !== "human");
      if (await page.getByRole("button", { name: "Resume" }).isVisible()) await page.getByRole("button", { name: "Resume" }).click();
      figures[`scene_${view}`] = figure;
    }
    await page.close();

    await sleep(1000);
    const alone = await loadOf(child.pid, seconds);
    const viewers = Array.from({ length: 5 }, () => new Viewer(address, { robot: 0 }));
    await sleep(1000);
    const watched = await loadOf(child.pid, seconds);
    figures.cores = { nobody_watches: Math.round(alone * 1000) / 1000, five_viewers: Math.round(watched * 1000) / 1000 };
    await Promise.all(viewers.map((viewer) => viewer.close()));

    const last = await browser.newPage();
    await last.goto(address);
    await last.waitForFunction(() => document.querySelector("[data-testid=mode]")?.textContent === "policy");
    await end(child, "SIGKILL");
    ({ child, address } = await startSim(Number(new URL(address).port)));
    const back = performance.now();
    await last.waitForFunction(() => document.querySelector("[data-testid=mode]")?.textContent === "policy");
    figures.reconnect_after_server_ms = round(performance.now() - back);
  } finally {
    await browser.close();
    await end(child, "SIGINT");
  }
}

if (measures("page")) await measurePage();
if (measures("lost")) figures.lost_page = await lostPages(gyre, 5);
if (measures("wake")) {
  const late = await wakeUps(gyre, 6, 2 * seconds);
  const lateness = (us) => ({ count: us.length, p50_us: percentile(us, 0.5), p99_9_us: percentile(us, 0.999) });
  figures.wake_up = { nobody_watches: lateness(late.nobody), five_viewers: lateness(late.five) };
}
const text = JSON.stringify(figures, null, 2);
if (json && json !== "-") writeFileSync(json, `${text}\n`);
console.log(text);
