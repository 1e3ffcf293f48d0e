// The wall of recordings and the 3-D view in a real browser: node wall_test.mjs GYRE
//
// Records two attempts of the simulator's expert, plays them as sixteen robots, and looks at them as a helper would.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [gyre] = process.argv.slice(2);

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

const journal = mkdtempSync(join(tmpdir(), "gyre_wall_"));
for (const task of ["open_drawer", "pick_place/red_can/sink"]) {
  execFileSync(gyre, ["sim", "--expert", "--task", task, "--embodiment", "so101/ee", "--seed", "3", "--journal", journal]);
}

async function start(port) {
  const child = spawn(gyre, ["console", "--replay", journal, "--robots", "16", "--port", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    child.stdout.on("data", (bytes) => {
      const found = /console at (http:[^\s;]+)/.exec(String(bytes));
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`gyre ended with ${code}`)));
  });
  return { child, address };
}

async function end(child, signal) {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

let { child, address } = await start(0);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const complaints = [];
  const loaded = [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => loaded.push(request.url()));
  const holds = (what, test, argument) =>
    page.waitForFunction(test, argument, { timeout: 20_000 }).then(() => check(true, what), () => check(false, what));

  // Robot 8 (number 7) is reported as stopped, as if somebody had stopped it.
  let stopSeventh = true;
  await page.routeWebSocket("**/live", (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (typeof message === "string") {
        const told = JSON.parse(message);
        if (stopSeventh && told.type === "status" && told.robot === 7) message = JSON.stringify({ ...told, mode: "stopped" });
      }
      socket.send(message);
    });
  });
  await page.goto(address);
  await holds("the wall shows sixteen robots with fresh pictures and modes", () => {
    const tiles = [...document.querySelectorAll("a[data-robot]")];
    return tiles.length === 16 && tiles.every((tile) => tile.querySelector("canvas").dataset.time && !tile.classList.contains("stale"));
  });
  await holds("the robot that needs help comes first", () => document.querySelector("a[data-robot]").dataset.robot === "7");
  stopSeventh = false;
  await holds("and goes back to its place when it needs none", () => document.querySelector("a[data-robot]").dataset.robot === "0");
  const shown = () => page.locator("a[data-robot='0'] canvas").getAttribute("data-time");
  const before = await shown();
  await holds("pictures go on", (time) => document.querySelector("a[data-robot='0'] canvas").dataset.time !== time, before);
  const seriousOf = async () => {
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document));
    return found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact)).map((finding) => finding.id);
  };
  check((await seriousOf()).length === 0, `axe finds nothing serious on the wall ${await seriousOf()}`);
  await page.setViewportSize({ width: 390, height: 844 });
  check((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, "a phone's width is enough");
  await page.setViewportSize({ width: 1280, height: 720 });

  await page.locator("a[data-robot='3']").press("Enter");
  await page.getByText("it takes no orders").waitFor();
  check(!(await page.getByRole("button", { name: "Take over" }).isVisible()), "a recording cannot be taken over");
  const refused = await page.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/live`);
    socket.onmessage = ({ data }) => {
      const told = typeof data === "string" ? JSON.parse(data) : {};
      if (told.type === "hello") socket.send(JSON.stringify({ robot: 3, verb: "order", order: "stop" }));
      if (told.type === "refused") resolve(told.text);
    };
  }));
  check(refused === "a recording takes no orders", `nor ordered: ${refused}`);

  check(!loaded.some((url) => url.includes("three")), "three.js is not loaded before it is needed");
  await page.getByRole("button", { name: "3-D view" }).click();
  const scene = page.getByTestId("scene");
  await holds("the 3-D view draws new poses", () => Number(document.querySelector("[data-testid=scene]")?.dataset.drawn) > 3);
  check(loaded.some((url) => url.includes("three")), "then it is");
  const picture = [...(await scene.screenshot())];
  const colours = await page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)], { type: "image/png" }));
    const flat = document.createElement("canvas");
    [flat.width, flat.height] = [64, 40];
    const context = flat.getContext("2d");
    context.drawImage(bitmap, 0, 0, 64, 40);
    return new Set(new Uint32Array(context.getImageData(0, 0, 64, 40).data.buffer)).size;
  }, picture);
  check(colours > 20, `it shows a scene (${colours} colours)`);
  check((await seriousOf()).length === 0, `axe finds nothing serious beside it ${await seriousOf()}`);
  await page.getByRole("button", { name: "Close 3-D" }).click();
  check(!(await scene.isVisible()), "it closes");

  await page.goto(`${address}/#/wall`);
  await page.locator("a[data-robot='0']").waitFor();
  const port = Number(new URL(address).port);
  await end(child, "SIGKILL");
  await holds("without the server everything is stale, with its age", () =>
    [...document.querySelectorAll("a[data-robot]")].every((tile) => tile.classList.contains("stale") && /s old/.test(tile.textContent)));
  complaints.length = 0; // the browser tells of refused connections
  ({ child, address } = await start(port));
  await holds("the page finds the server again by itself", () =>
    [...document.querySelectorAll("a[data-robot]")].some((tile) => !tile.classList.contains("stale")));
  const others = complaints.filter((text) => !/WebSocket|ERR_CONNECTION/.test(text));
  check(others.length === 0, `no complaint on the browser's console ${others.join("; ")}`);
} finally {
  await browser.close();
  await end(child, "SIGINT");
  rmSync(journal, { recursive: true });
}
process.exit(failures === 0 ? 0 : 1);
