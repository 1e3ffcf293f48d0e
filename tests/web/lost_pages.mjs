// A page is lost in the middle of a take-over: how long does the robot go on moving?
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { ask, end, sleep, start } from "./program.mjs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const unixMs = () => performance.timeOrigin + performance.now();

// Takes over, moves, and loses the page by this signal to the whole browser: SIGKILL, or SIGSTOP, which is silence on an
// open connection as a cut network is. Returns the moment of the loss, Unix time in ms.
async function lose(address, signal, key) {
  const server = await chromium.launchServer({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(address);
  await page.getByRole("button", { name: "Take over" }).click();
  await page.keyboard.down("Space");
  await page.waitForFunction(() => document.querySelector("[data-testid=mode]")?.textContent === "human");
  await page.keyboard.down(key);
  await sleep(350);
  const lostMs = unixMs();
  process.kill(-server.process().pid, signal); // its own process group
  await sleep(1500);
  if (signal === "SIGSTOP") process.kill(-server.process().pid, "SIGKILL");
  await sleep(500);
  return lostMs;
}

// For each way to lose a page, milliseconds from the loss to the robot's last moving command, by the journal.
export async function lostPages(gyre, times) {
  const journal = mkdtempSync(`${tmpdir()}/gyre-lost-`);
  const { child, address } = await start(gyre, "sim", "--console=0", "--suite", "trained", "--seed", "3", "--journal", journal);
  const lost = { SIGKILL: [], SIGSTOP: [] };
  try {
    for (let i = 0; i < times; ++i) {
      for (const signal of Object.keys(lost)) lost[signal].push(await lose(address, signal, i % 2 ? "f" : "r"));
    }
  } finally {
    await end(child);
  }
  const moving = ask(gyre, "SELECT epoch_us(time) AS us FROM steps WHERE source = 'human' AND "
    + "list_max(list_transform(sent[1:6], x -> abs(x))) > 1e-6 ORDER BY us", "--journals", journal).map(({ us }) => us / 1000);
  rmSync(journal, { recursive: true });
  const after = (lostMs) => moving.filter((ms) => ms > lostMs - 200 && ms < lostMs + 1500).at(-1) - lostMs;
  return { killed_ms: lost.SIGKILL.map(after), cut_off_ms: lost.SIGSTOP.map(after) };
}
