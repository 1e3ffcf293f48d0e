// The flywheel's page in a real browser: node flywheel_test.mjs GYRE [PICTURES]
//
// Two prepared policies are put in use and taken back, a training's curves grow, and a turn starts, shows progress,
// outlives its console, is stopped and can go on.
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [gyre, pictures] = process.argv.slice(2); // a folder for pictures of the pages, for people

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

const folder = mkdtempSync(join(tmpdir(), "gyre_flywheel_"));
const runs = join(folder, "runs");
const run = (...words) => JSON.parse(execFileSync(gyre, [...words, "--runs", runs, "--json", "-"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

// Another policy for the same robots: one that takes more flow steps.
const other = join(folder, "other");
cpSync("assets/policies/nano", other, { recursive: true });
const config = JSON.parse(readFileSync(join(other, "config.json"), "utf8"));
const setSteps = (steps) => writeFileSync(join(other, "config.json"), JSON.stringify({ ...config, flow_steps: steps }));
setSteps(config.flow_steps + 1);

async function start() {
  const child = spawn(gyre, ["console", "--runs", runs, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      const found = /console at (http:[^\s;]+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`gyre ended with ${code}: ${said}`)));
  });
  return { child, address };
}

// A busy machine would let a turn of the lowest priority wait for longer than a test may.
function hasten(pid) {
  try {
    execFileSync("chrt", ["--all-tasks", "--other", "--pid", "0", String(pid)], { stdio: "ignore" });
    execFileSync("renice", ["-n", "0", "-p", String(pid)], { stdio: "ignore" });
    writeFileSync(`/proc/${pid}/autogroup`, "0");
  } catch {
    // Not permitted, or it has ended.
  }
}

let server, browser, turn = 0;
try {
  const first = run("policy", "add", "assets/policies/nano").hash.slice(0, 12);
  const second = run("policy", "add", other).hash.slice(0, 12);
  check(first !== second, "two policies are in the ledger");
  const training = join(runs, "2026-01-01T00-00-00", "candidates", "corrections");
  mkdirSync(training, { recursive: true });
  const learnt = (from, to) => {
    for (let step = from; step < to; ++step) {
      appendFileSync(join(training, "metrics.jsonl"), `${JSON.stringify({ step: 20 * step, flow: 1 / step, grounding: 0.5 / step })}\n`);
    }
  };
  learnt(1, 20);

  server = await start();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const complaints = [];
  const open = async (options) => {
    const page = await browser.newPage(options);
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${server.address}/#/flywheel`);
    return page;
  };
  const until = (page, what, test, argument, timeout = 15_000) =>
    page.waitForFunction(test, argument, { timeout }).then(() => check(true, what), () => check(false, what));
  const inUse = (page, hash) =>
    until(page, `the page says that ${hash} is in use`, (wanted) => document.querySelector(".used code")?.textContent === wanted, hash);
  const shot = async (page, name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });

  const page = await open({ viewport: { width: 1280, height: 720 } });
  await until(page, "both policies are listed", () => document.querySelectorAll("li > div > code").length === 2);
  check(await page.getByRole("button", { name: "Start a turn" }).isDisabled(), "no turn starts while no policy is in use");

  await page.getByRole("button", { name: `Use ${first}` }).click();
  await page.getByLabel("reason").fill("to begin with");
  await page.getByRole("button", { name: "Use", exact: true }).click();
  await inUse(page, first);
  check(readlinkSync(join(runs, "current")).endsWith("assets/policies/nano"), "runs/current points to it");

  // By keys alone.
  await page.getByRole("button", { name: `Use ${second}` }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  check((await page.locator("dialog[open]").count()) === 0, "Escape closes the question, and nothing is used");
  await page.keyboard.press("Enter");
  await page.keyboard.type("it takes more steps");
  await page.keyboard.press("Enter");
  await inUse(page, second);
  await page.getByRole("button", { name: `Roll back ${first}` }).click();
  await page.getByRole("button", { name: "Roll back", exact: true }).click();
  await inUse(page, first);
  const uses = run("policy", "list").uses;
  check(uses.map((use) => use.kind).join() === "promotion,promotion,roll-back", "the ledger has all three");
  check(uses[1].reason === "it takes more steps" && uses[1].author.startsWith("console"), "with reason and author");

  setSteps(config.flow_steps + 2);
  await page.getByRole("button", { name: `Roll back ${second}` }).click();
  await page.getByRole("button", { name: "Roll back", exact: true }).click();
  await until(page, "a policy that has changed is refused in one line", () =>
    /has changed since it was entered[^\n]*$/.test(document.querySelector("dialog [role=alert]")?.textContent ?? ""));
  await page.getByRole("button", { name: "Cancel" }).click();
  await inUse(page, first);

  // Curves.
  await until(page, "the curves of a training are drawn", () => document.querySelector("[data-testid=curves] canvas") !== null);
  learnt(20, 40);
  await until(page, "they grow while it goes on", () => document.querySelector("[data-testid=curves]").dataset.step === "780");

  // A turn.
  await until(page, "its cost is told before", () => /About .* on \d+ cores .* GB free; scaled from the demo/.test(document.querySelector("[data-testid=cost]")?.textContent ?? ""));
  await shot(page, "flywheel");
  await page.getByLabel("helped episodes").fill("0");
  check(await page.locator("form input:invalid").count() === 1, "no helped episode is no turn");
  await page.getByLabel("helped episodes").fill("2");
  await page.getByLabel("minutes of learning").fill("0.1");
  await page.getByLabel("attempts, trained").fill("2");
  await page.getByLabel("attempts, to learn").fill("2");
  await page.getByRole("button", { name: "Start a turn" }).click();
  await until(page, "the turn runs", () => document.querySelector("[data-testid=turn] b")?.textContent === "running");
  turn = JSON.parse(readFileSync(join(runs, "turn.json"), "utf8")).process.pid;
  const stat = readFileSync(`/proc/${turn}/stat`, "utf8").split(") ")[1].split(" ");
  check(stat[16] === "19", "with the lowest priority");
  hasten(turn);
  const again = await page.evaluate(async () => {
    const body = JSON.stringify({ verb: "start", frontier_suite: "frontier", recipe: "corrections", collect_episodes: 2, trained_episodes: 2, frontier_episodes: 2, minutes: 1 });
    const answer = await fetch("/flywheel/turn", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return `${answer.status} ${await answer.text()}`;
  });
  check(again === "409 a turn is running: one at a time\n", "a second one is refused in one line");
  await until(page, "its stages are shown", () => document.querySelectorAll("ol li.done").length >= 1, null, 90_000);
  await shot(page, "turn");

  server.child.kill("SIGKILL");
  server = await start();
  const small = await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await until(small, "a killed server's turn goes on, and the next one finds it", () => document.querySelector("[data-testid=turn] b")?.textContent === "running");
  await until(small, "with the time that is left", () => /about .* left/.test(document.querySelector("[data-testid=turn]")?.textContent ?? ""));
  await small.getByRole("button", { name: "Stop, keep what is done" }).click();
  await until(small, "a stopped turn can go on", () => document.querySelector("[data-testid=turn] b")?.textContent === "stopped", null, 40_000);
  check((await small.getByRole("button", { name: "Go on" }).count()) === 1, "by a button");
  check((await small.evaluate(() => document.documentElement.scrollWidth)) <= 390, "a phone's width is enough");
  await shot(small, "flywheel-phone");

  const light = await open({ viewport: { width: 1280, height: 720 }, colorScheme: "light" });
  await until(light, "the page is there again", () => document.querySelectorAll("li > div > code").length === 2);
  for (const one of [small, light]) {
    await one.evaluate(axe);
    const found = await one.evaluate(() => window.axe.run(document));
    const serious = found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact));
    check(serious.length === 0, `axe finds nothing serious ${serious.map((finding) => `${finding.id}: ${finding.nodes[0].html}`).join(", ")}`);
  }
  const unexpected = complaints.filter((text) => !/409 \(Conflict\)|ERR_CONNECTION|WebSocket/.test(text));
  check(unexpected.length === 0, `no complaint on the browser's console ${unexpected.join("; ")}`);
} finally {
  await browser?.close();
  server?.child.kill("SIGKILL");
  if (turn > 0) {
    try {
      process.kill(-turn, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exit(failures === 0 ? 0 : 1);
