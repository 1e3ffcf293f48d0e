// The console in a real browser: node console_test.mjs GYRE
//
// Starts `gyre sim --console` on a free port and helps the simulated robot as a person would, by keys and clicks.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [gyre] = process.argv.slice(2);

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

// Starts the program; its address, once it says so.
async function start(...words) {
  const child = spawn(gyre, words, { stdio: ["ignore", "inherit", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const found = /console at (http:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`gyre ended with ${code}: ${said}`)));
  });
  return { child, address };
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await ended;
}

const { child, address } = await start("sim", "--console=0", "--suite", "trained", "--seed", "3");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const complaints = [];
  const open = async (viewport) => {
    const page = await browser.newPage({ viewport });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(address);
    return page;
  };
  const page = await open({ width: 1280, height: 720 });
  const mode = page.getByTestId("mode");
  const until = async (word, what, timeout = 10_000) => {
    try {
      await page.waitForFunction((wanted) => document.querySelector("[data-testid=mode]")?.textContent === wanted, word, { timeout });
      check(true, what);
    } catch {
      check(false, `${what}: the mode is "${await mode.textContent()}"`);
    }
  };
  const shown = () => page.locator("canvas").first().getAttribute("data-time");

  await until("policy", "the policy drives, and the page says so");
  const before = await shown();
  await page.waitForTimeout(500);
  check((await shown()) !== before, "pictures go on");

  await page.getByRole("button", { name: "Pause" }).click();
  await until("paused", "a click pauses");
  await page.getByRole("button", { name: "Resume" }).click();
  await until("policy", "a click resumes");

  await page.getByRole("button", { name: "Take over" }).click();
  await page.waitForTimeout(300);
  check((await mode.textContent()) !== "human", "without the dead-man key nobody drives by hand");
  await page.keyboard.down("Space");
  await until("human", "the dead-man key gives control");
  // The robot's state, as a further viewer of the page hears it.
  const tool = () => page.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/live`);
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : {};
      if (message.type !== "samples") return;
      socket.close();
      resolve(message.state.at(-1));
    };
  }));
  const from = await tool();
  await page.keyboard.down("r");
  await page.waitForTimeout(600);
  await page.keyboard.up("r");
  const to = await tool();
  check(to[2] > from[2] + 0.005, `a key moves the arm up (${from[2].toFixed(3)} to ${to[2].toFixed(3)} m)`);
  await page.keyboard.up("Space");
  await until("paused", "letting the dead-man key go holds the robot");
  await page.keyboard.down("Space");
  await until("human", "and it gives control again");
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await until("paused", "a page that loses the focus lets go");
  await page.keyboard.up("Space");
  await page.getByRole("button", { name: "Give back" }).click();
  await page.getByRole("button", { name: "Resume" }).click();
  await until("policy", "the policy resumes");

  const words = page.getByLabel("words to act on");
  await words.fill("");
  await words.pressSequentially("put the red cup into the sink r r r");
  check((await mode.textContent()) === "policy", "typing is not driving");
  await words.fill("put the red cup into the sink");
  await words.press("Enter");
  await page.waitForFunction(() => document.querySelector(".goal")?.textContent === "put the red cup into the sink", null, { timeout: 5000 })
    .then(() => check(true, "words reach the running policy"), () => check(false, "words reach the running policy"));

  await words.focus();
  await page.keyboard.press("Escape");
  await until("stopped", "Escape stops, even while typing");
  await page.waitForTimeout(1000);
  check((await mode.textContent()) === "stopped", "a stop stays");
  const hold = page.getByRole("button", { name: "Hold for 1 s" });
  await hold.click();
  check(await hold.isVisible(), "a short click does not clear a stop");
  await hold.click({ delay: 1200 });
  await page.getByRole("button", { name: "Confirm" }).click();
  await until("paused", "a cleared stop is a pause");

  const second = await open({ width: 390, height: 844 });
  await second.waitForTimeout(500);
  check((await second.evaluate(() => document.documentElement.scrollWidth)) <= 390, "a phone's width is enough");
  await page.getByRole("button", { name: "Take over" }).click();
  await page.keyboard.down("Space");
  await until("human", "the first page drives");
  await second.getByRole("button", { name: "Take over" }).isDisabled()
    .then((disabled) => check(disabled, "the second page cannot take over meanwhile"));
  await page.close();
  const lost = Date.now();
  await second.waitForFunction(() => document.querySelector("[data-testid=mode]")?.textContent === "paused", null, { timeout: 5000 })
    .then(() => check(true, `a lost page holds the robot (seen after ${Date.now() - lost} ms)`), () => check(false, "a lost page holds the robot"));

  for (const one of [second]) {
    await one.evaluate(axe);
    const found = await one.evaluate(() => window.axe.run(document));
    const serious = found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact));
    check(serious.length === 0, `axe finds nothing serious ${serious.map((finding) => finding.id).join(", ")}`);
  }
  check(complaints.length === 0, `no complaint on the browser's console ${complaints.join("; ")}`);
} finally {
  await browser.close();
  await stop(child);
}
process.exit(failures === 0 ? 0 : 1);
