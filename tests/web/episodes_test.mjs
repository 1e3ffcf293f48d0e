// Recorded episodes in a real browser: node episodes_test.mjs GYRE
//
// Records two attempts of the simulator's expert, makes a dataset of them, and looks at both with `gyre data view`:
// plays, jumps, asks in SQL, compares, judges by keys, takes back, scrolls ten thousand, opens the page as a file.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [gyre, pictures] = process.argv.slice(2); // a folder for pictures of the pages, for people

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

const folder = mkdtempSync(join(tmpdir(), "gyre_episodes_"));
const run = (...words) => execFileSync(gyre, words, { stdio: ["ignore", "ignore", "inherit"] });
let child, browser;
try {
  const tasks = ["pick_place/red_cup/sink", "pick_place/red_can/bin"];
  tasks.forEach((task, seed) =>
    run("sim", "--expert", "--task", task, "--seed", String(seed), "--journal", join(folder, "journal")));
  run("data", "convert", join(folder, "journal"), join(folder, "dataset"));

  child = spawn(gyre, ["data", "view", folder, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      const found = /console at (http:[^\s;]+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`gyre ended with ${code}: ${said}`)));
  });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const complaints = [];
  const open = async (url, viewport) => {
    const page = await browser.newPage({ viewport });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url);
    return page;
  };
  const until = (page, what, test, argument) =>
    page.waitForFunction(test, argument, { timeout: 15_000 }).then(() => check(true, what), () => check(false, what));
  const status = (page, text) => until(page, `the list says "${text}"`, (wanted) => document.querySelector("[role=status]")?.textContent.includes(wanted), text);
  const shot = async (page, name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });

  const page = await open(address, { width: 1280, height: 720 });
  await status(page, "4 of 4 episodes");
  await page.locator(".box li button").first().click();
  await until(page, "the first picture is shown", () => document.querySelector(".cameras canvas")?.dataset.row === "0");
  check((await page.locator(".cameras canvas").count()) === 2, "both cameras are there");
  check((await page.locator(".plots .uplot").count()) >= 4, "each field of the action has a plot");
  await shot(page, "episodes");

  const row = () => page.locator("input[type=range]").first().inputValue().then(Number);
  await page.keyboard.press("Space");
  await until(page, "the space bar plays, and the pictures follow", () => Number(document.querySelector(".cameras canvas")?.dataset.row) > 5);
  await page.keyboard.press("Space");
  const paused = await row();
  await page.keyboard.press("ArrowRight");
  check((await row()) === paused + 1, "an arrow goes one frame further");
  await until(page, "all cameras show the frame of the time line", (wanted) =>
    [...document.querySelectorAll(".cameras canvas")].every((one) => one.dataset.row === String(wanted)), paused + 1);
  await page.keyboard.press("End");
  const last = await row();
  await page.keyboard.press("Home");
  await page.keyboard.press("]");
  check((await row()) > 0 && (await row()) <= last, "a bracket goes to the next moment");

  await page.getByText("Ask in SQL").click();
  await page.getByLabel("SQL: of an episode").fill("task LIKE '%can%'");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await status(page, "1 of 4 episodes");
  await page.getByLabel("SQL: of an episode").fill("taks = 1");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await until(page, "a question that cannot be asked is told", () => document.querySelector(".list .problem")?.textContent.includes("taks"));
  await page.getByLabel("SQL: of an episode").fill("");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await status(page, "4 of 4 episodes");

  await page.locator(".box li button").nth(1).click({ modifiers: ["Shift"] });
  await until(page, "two episodes are compared on one time line", () => document.querySelectorAll(".player section[aria-label^=episode]").length === 2);
  await shot(page, "compare");
  await page.getByText("Stop comparing").click();

  // Judging, by keys alone.
  await page.evaluate(() => document.activeElement?.blur());
  const labels = () => readdirSync(join(folder, "dataset", "labels")).sort();
  const says = (text) => until(page, `the label "${text}" is shown`, (wanted) => document.querySelector("[aria-label=labels]")?.textContent.includes(wanted), text);
  await page.keyboard.press("f");
  await says("failure");
  check(labels().length === 1 && labels()[0].startsWith("outcome-"), "it is a label stream on the disk");
  await page.keyboard.press("4");
  await says("quality");
  await page.keyboard.press("x");
  await says("exclude");
  await until(page, "the list shows it", () => /quality 4 · excluded/.test(document.querySelector(".box li small")?.textContent));
  await page.keyboard.press("u");
  await until(page, "the last one is taken back", () => !document.querySelector("[aria-label=labels]")?.textContent.includes("exclude"));
  check(labels().length === 2, "on the disk too");
  await page.keyboard.press("End");
  await page.keyboard.press("b");
  await page.keyboard.type("grasp it");
  check((await row()) === last, "typing is not playing");
  await page.keyboard.press("Enter");
  await says("grasp it");
  await page.keyboard.press("p");
  await page.keyboard.type("it stands beside the sink");
  await page.keyboard.press("Enter");
  await says("it stands beside the sink");
  await shot(page, "judge");
  const told = execFileSync(gyre, ["data", "label", "list", join(folder, "dataset"), "--json", "-"], { encoding: "utf8" });
  check(["outcome", "quality", "subtask", "partial"].every((name) => told.includes(`"${name}"`)), "`gyre data label list` knows them");
  // Another person differs: that episode is the first to judge.
  await page.getByLabel("your name").fill("ann");
  await page.getByLabel("your name").press("Tab");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("s");
  await says("ann");
  await until(page, "the list has the newest outcome", () => document.querySelector(".box li i")?.className.includes("success"));
  await page.locator(".box li button").nth(1).click();
  await until(page, "another episode is shown", () => location.hash === "#/episodes/0/1");
  await page.keyboard.press("n");
  await until(page, "the next to judge is the one about which people differ", () => location.hash === "#/episodes/0/0");
  await page.close();
  child.kill("SIGKILL"); // a killed server loses no label
  check(labels().length === 5, "the labels outlast a killed server");

  const small = await open("about:blank", { width: 390, height: 844 });
  const html = join(folder, "page.html");
  run("data", "view", join(folder, "dataset"), "--html", html);
  await small.goto(pathToFileURL(html).href);
  await status(small, "2 of 2 episodes");
  await small.locator(".box li button").first().click();
  await until(small, "the page as one file shows pictures without a server", () => document.querySelector(".cameras canvas")?.dataset.row === "0");
  check((await small.evaluate(() => document.documentElement.scrollWidth)) <= 390, "a phone's width is enough");
  await shot(small, "episodes-phone");

  // Ten thousand lines, of a server that this test plays.
  const many = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: "dark" });
  const n = 10_000, all = (value) => Array(n).fill(value);
  const list = {
    folders: [{ id: 0, path: "/d", kind: "dataset", embodiment: "arm", fps: 10, problem: "" }], tasks: ["put it away"],
    folder: all(0), index: Array.from({ length: n }, (_, i) => i), task: all(0), seconds: all(8), outcome: all(1), by_hand: all(0),
    alarms: all(-1), here: all(1), quality: all(0), excluded: all(0), need: all(0),
  };
  const bundle = readFileSync(html, "utf8").replace(/<script type="application\/json"[^]*?<\/script>\n/g, "");
  const held = `<script type="application/json" data-path="/recorded/list.json">${JSON.stringify(list)}</script>`;
  await many.setContent(bundle.replace('<script type="module">', () => held + '<script type="module">'));
  await status(many, "10000 of 10000 episodes");
  const drawn = await many.locator(".box li").count();
  check(drawn < 60, `ten thousand lines draw ${drawn}`);
  await many.locator(".box").evaluate((box) => (box.scrollTop = box.scrollHeight));
  await until(many, "the last line comes into sight", () => [...document.querySelectorAll(".box .task")].some((one) => one.textContent.startsWith("9999")));
  await shot(many, "episodes-dark");

  for (const one of [small, many]) {
    await one.evaluate(axe);
    const found = await one.evaluate(() => window.axe.run(document));
    const serious = found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact));
    check(serious.length === 0, `axe finds nothing serious ${serious.map((finding) => `${finding.id}: ${finding.nodes[0].html}`).join(", ")}`);
  }
  const unexpected = complaints.filter((text) => !/400 \(Bad Request\)|ERR_CONNECTION|WebSocket/.test(text));
  check(unexpected.length === 0, `no complaint on the browser's console ${unexpected.join("; ")}`);
} finally {
  await browser?.close();
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
