// Pictures of every page of the console, at a desk's size and a phone's, for docs/console.md:
//   node tests/web/screenshots.mjs build/gyre docs/pictures --runs runs
//
// Records two attempts of the simulator's expert to have something to show. The flywheel's page shows the ledger of
// --runs, which should hold a finished turn. Not a test.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { end, sleep, start } from "./program.mjs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [gyre, out, ...flags] = process.argv.slice(2);
const runs = flags.includes("--runs") ? flags[flags.indexOf("--runs") + 1] : "runs";
const sizes = { desk: { width: 1280, height: 720 }, phone: { width: 390, height: 844 } };

const folder = mkdtempSync(join(tmpdir(), "gyre_screenshots_"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

// One picture at each size; `prepare` brings the page to what it shall show.
async function show(name, url, prepare) {
  for (const [size, viewport] of Object.entries(sizes)) {
    const page = await browser.newPage({ viewport, hasTouch: size === "phone", ignoreHTTPSErrors: true });
    await page.goto(url);
    await prepare(page, size);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
    writeFileSync(join(out, `${name}_${size}.webp`), Buffer.from(data, "base64"));
    if ((await page.evaluate(() => document.documentElement.scrollWidth)) > viewport.width) {
      throw new Error(`${name} is wider than ${viewport.width} pixels`);
    }
    await page.close();
  }
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const mode = (page, wanted) => page.waitForFunction((one) => document.querySelector("[data-testid=mode]")?.textContent === one, wanted);

async function showLive() {
  const { child, address } = await start(gyre, "sim", "--console=0", "--suite", "trained", "--seed", "3");
  try {
    await show("live", address, async (page) => {
      await mode(page, "policy");
      await sleep(8000); // the plots are full
    });
    await show("hands", address, async (page) => {
      await press(page, "Take over");
      await page.keyboard.down("Space");
      await mode(page, "human");
      await page.keyboard.down("r");
      await sleep(400);
      await page.keyboard.up("r");
      await sleep(1000);
    });
  } finally {
    await end(child);
  }
}

async function showRecorded() {
  const journal = join(folder, "journal");
  for (const [seed, task] of ["open_drawer", "pick_place/red_can/sink"].entries()) {
    const words = ["sim", "--expert", "--task", task, "--embodiment", "so101/ee", "--seed", String(seed + 3), "--journal", journal];
    execFileSync(gyre, words, { stdio: ["ignore", "ignore", "inherit"] });
  }
  const { child, address } = await start(gyre, "console", "--replay", journal, "--robots", "16", "--journals", journal, "--runs", runs, "--port", "0");
  try {
    await show("wall", `${address}/#/wall`, async (page) => {
      await page.waitForFunction(() => [...document.querySelectorAll("a[data-robot] canvas")].filter((one) => one.dataset.time).length === 16);
      await sleep(2000);
    });
    await show("scene", `${address}/#/live/3`, async (page, size) => {
      await press(page, "3-D view");
      if (size === "phone") await page.getByTestId("scene").scrollIntoViewIfNeeded();
      await page.waitForFunction(() => Number(document.querySelector("[data-testid=scene]")?.dataset.drawn) > 3, null, { timeout: 60_000 });
    });
    await show("episodes", `${address}/#/episodes`, async (page) => {
      await page.locator(".box li button").first().click();
      await page.waitForFunction(() => document.querySelector(".cameras canvas")?.dataset.row === "0");
      for (let i = 0; i < 2; ++i) await page.keyboard.press("]");
      await sleep(1000);
    });
    await show("flywheel", `${address}/#/flywheel`, async (page) => {
      await page.waitForFunction(() => document.querySelectorAll("li > div > code").length >= 2);
      await sleep(1500);
    });
    await show("scope", `${address}/#/flywheel`, async (page) => {
      const cells = page.getByRole("region", { name: "cells of the scope" });
      await cells.waitFor();
      await cells.evaluate((one) => one.scrollIntoView({ block: "end" }));
      await sleep(1000);
    });
  } finally {
    await end(child);
  }
}

async function showLogin() {
  process.env.XDG_CONFIG_HOME = folder; // the certificate that the console makes for itself
  const tokens = join(folder, "tokens");
  writeFileSync(tokens, "help help-help-help-help\n", { mode: 0o600 });
  const { child, address } = await start(gyre, "console", "--lan", "--listen", "127.0.0.1", "--token-file", tokens, "--port", "0");
  try {
    await show("login", address, async () => {});
  } finally {
    await end(child);
  }
}

mkdirSync(out, { recursive: true });
try {
  await showLogin();
  await showLive();
  await showRecorded();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
