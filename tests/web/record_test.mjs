// `gyre record --operator console`: demonstrations by hand from the page alone: node record_test.mjs GYRE
//
// The page begins each episode after its countdown, and its verdict ends it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { ask, end, start } from "./program.mjs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [gyre] = process.argv.slice(2);

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

const folder = mkdtempSync(`${tmpdir()}/gyre-record-`);
const recording = ["record", "--robot", "sim:so101", "--operator", "console", "--out", `${folder}/shown`];
const refused = spawnSync(gyre, recording, { encoding: "utf8" });
check(refused.status === 2 && refused.stderr.includes("give --console too"), "without a console nothing is recorded");

const { child, address } = await start(gyre, ...recording, "--console=0", "--episodes", "2", "--priority", "0");
let said = "";
child.stderr.on("data", (bytes) => { said = `${said}${bytes}`.slice(-600); });
const ended = new Promise((resolve) => child.once("exit", resolve));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(() => {
    window.heard = {};
    new WebSocket(`ws://${location.host}/live`).onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : {};
      if (message.type) window.heard[message.type] = message;
    };
  });
  await page.goto(address);
  const press = async (name) => {
    const button = page.getByRole("button", { name, exact: true });
    await button.waitFor({ timeout: 20_000 });
    await button.evaluate((one) => one.click());
  };
  await page.getByLabel("reset").fill("1");
  await press("Record demonstrations");
  const records = () => document.querySelector("[data-testid=demonstration]")?.textContent.includes("recording");
  for (const verdict of ["Discard", "Keep: success", "Keep: success"]) {
    await page.waitForFunction(records, undefined, { timeout: 20_000 });
    await page.evaluate(() => document.activeElement?.blur());
    await page.waitForFunction(() => window.heard.status.mode === "paused", undefined, { timeout: 20_000 });
    await page.keyboard.down("Space");
    await page.waitForFunction(() => window.heard.status.mode === "human", undefined, { timeout: 20_000 });
    await page.keyboard.down("r");
    await page.waitForTimeout(1500);
    await page.keyboard.up("r");
    await page.keyboard.up("Space");
    await press(verdict);
    if (verdict === "Discard") continue;
    await press(verdict); // twice: it is one verdict
    await page.waitForFunction(() => !document.querySelector("[data-testid=demonstration]")?.textContent.includes("recording"), undefined,
      { timeout: 20_000 }).catch(() => {}); // the last one ends it all
  }
  const code = await ended;
  check(code === 0, `it ends when two are kept, with ${code}: ${said}`);
} finally {
  await browser.close();
  await end(child);
}
const rows = ask(gyre, 'SELECT max("observation.state"[3]) - min("observation.state"[3]) AS up FROM frames GROUP BY episode_index', "--data", `${folder}/shown`);
check(rows.length === 2 && rows.every(({ up }) => up > 0.005), `both demonstrations hold the motion: ${JSON.stringify(rows)}`);
rmSync(folder, { recursive: true });
process.exit(failures === 0 ? 0 : 1);
