// Help by hand and by words in a real browser: node hands_test.mjs GYRE [FOLDER]
//
// A phone's pads, a gamepad, two people, nudges and words, verdicts and demonstrations on a simulated robot. Pictures of the pages
// go into FOLDER.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { ask, end, start } from "./program.mjs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [gyre, shots] = process.argv.slice(2);

let failures = 0;
function check(holds, what) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) ++failures;
}

const folder = mkdtempSync(`${tmpdir()}/gyre-hands-`);
const { child, address } = await start(gyre, "sim", "--console=0", "--suite", "trained", "--seed", "3", "--journal", `${folder}/journal`);

// In each page: the newest status and samples, and all event lines, as a further viewer hears them; a gamepad that the
// test moves.
const listener = () => {
  window.heard = { lines: [], refused: [] };
  const socket = new WebSocket(`ws://${location.host}/live`);
  socket.onmessage = ({ data }) => {
    const message = typeof data === "string" ? JSON.parse(data) : {};
    if (message.type === "eventline") window.heard.lines.push(message);
    else if (message.type) window.heard[message.type] = message;
  };
  window.testPad = null;
  navigator.getGamepads = () => [window.testPad];
};

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  check((await fetch(`${address}/truth`)).status === 404, "the program tells nobody the simulator's truth");
  const complaints = [];
  const open = async (options) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.addInitScript(listener);
    await page.goto(address);
    return page;
  };
  const comes = (page, what, holds, argument, timeout = 15_000) =>
    page.waitForFunction(holds, argument, { timeout }).then(() => check(true, what), async () =>
      check(false, `${what}: ${JSON.stringify(await page.evaluate(() => [window.heard.status, window.heard.lines.slice(-6), window.heard.refused]))}`));
  const mode = (page, wanted, what) => comes(page, what, (one) => window.heard.status?.mode === one, wanted);
  const height = (page) => page.evaluate(() => window.heard.samples.state.at(-1)[2]);
  const button = (page, name) => page.getByRole("button", { name });
  const shot = (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png`, timeout: 60_000 });
  // A click at once: a page that draws pictures all the time is never at rest on a busy machine.
  const press = async (page, name) => {
    await button(page, name).waitFor({ timeout: 20_000 });
    await button(page, name).evaluate((one) => one.click());
  };
  const line = (page, what, text, says) =>
    comes(page, says, ([kind, words]) => window.heard.lines.some((one) => one.what === kind && one.text.startsWith(words)), [what, text]);

  // A phone: the touch is the dead-man control.
  const phone = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await mode(phone, "policy", "the policy drives");
  await press(phone, "Take over");
  const pad = phone.getByLabel("right pad");
  await pad.scrollIntoViewIfNeeded();
  await shot(phone, "hands_phone");
  const touch = await phone.context().newCDPSession(phone);
  const finger = async (type, up) => {
    const box = await pad.boundingBox();
    const touchPoints = up === undefined ? [] : [{ x: box.x + box.width / 2, y: box.y + box.height * (0.5 - 0.45 * up) }];
    await touch.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  await finger("touchStart", 0);
  await mode(phone, "human", "a touch gives control");
  const low = await height(phone);
  await finger("touchMove", 1);
  await comes(phone, "the pad moves the arm up", (from) => window.heard.samples.state.at(-1)[2] > from + 0.004, low);
  await finger("touchEnd");
  await mode(phone, "paused", "a lifted finger lets go");
  await finger("touchStart", 0);
  await mode(phone, "human", "a second touch gives control again");
  await finger("touchCancel");
  await mode(phone, "paused", "a cancelled touch lets go");

  // Another person asks, and gets control only when it is handed over.
  const desk = await open({ viewport: { width: 1280, height: 720 } });
  await press(desk, "Ask for control");
  await press(phone, "Hand over");
  await comes(desk, "control is handed over", () => document.body.textContent.includes("or a shoulder button to drive"));
  check(await button(phone, "Give back").count() === 0, "the first page has it no more");

  // A gamepad: a shoulder button is the dead-man control.
  const gamepad = (held, up) => desk.evaluate(([down, y]) => {
    const buttons = Array.from({ length: 17 }, (_, i) => ({ pressed: i === 5 && down, value: 0 }));
    window.testPad = { id: "test pad", connected: true, axes: [0, 0, 0, -y], buttons };
  }, [held, up]);
  await gamepad(true, 1);
  await desk.waitForTimeout(400);
  check(await desk.evaluate(() => window.heard.status.mode) === "paused", "a button that was down before counts only when pressed anew");
  await gamepad(false, 0);
  await comes(desk, "the gamepad is seen", () => document.body.textContent.includes("test pad"));
  const floor = await height(desk);
  await desk.waitForTimeout(50);
  await gamepad(true, 1);
  await mode(desk, "human", "a shoulder button gives control");
  await comes(desk, "the stick moves the arm up", (from) => window.heard.samples.state.at(-1)[2] > from + 0.002, floor);
  await desk.evaluate(() => {
    window.testPad = null;
    window.dispatchEvent(new Event("gamepaddisconnected"));
  });
  await mode(desk, "paused", "a lost gamepad lets go");
  await press(desk, "Give back");
  await press(desk, "Resume");
  await mode(desk, "policy", "the policy resumes");

  // Fixed words move it by a centimetre beside the policy.
  await press(desk, "up");
  await line(desk, "said", "up", "a nudge is on the record");
  await desk.getByTestId("arrow").waitFor({ timeout: 5000 }).then(() => check(true, "its arrow is drawn"), () => check(false, "its arrow is drawn"));
  await shot(desk, "hands_nudge");
  await desk.evaluate(() => document.activeElement?.blur());
  await desk.keyboard.press("ArrowLeft");
  await line(desk, "said", "left", "an arrow key nudges");

  // Words for the next step alone.
  const words = desk.getByLabel("words to act on");
  await words.fill("pick up the florble");
  check((await desk.locator("mark").allTextContents()).join() === "florble", "a word that the policy does not know is marked");
  await desk.getByLabel("words are for").selectOption("coach");
  await words.fill("open the drawer");
  await words.press("Enter");
  await comes(desk, "the policy acts on them, and the task stays", () => {
    const status = window.heard.status;
    return status.goal === "open the drawer" && status.task !== status.goal && status.coached_s > 0;
  });
  await shot(desk, "hands_coach");
  await press(desk, "Done");
  await comes(desk, "done: the policy acts on the task again", () => window.heard.status.goal === window.heard.status.task);

  // Verdicts by key, with an undo.
  await desk.evaluate(() => document.activeElement?.blur());
  await desk.keyboard.press("3");
  await desk.getByTestId("verdict").waitFor();
  await desk.keyboard.press("Backspace");
  check(await desk.getByTestId("verdict").count() === 0, "a verdict can be undone");
  await desk.keyboard.press("2");
  await desk.getByLabel("reason").fill("grasped, not placed");
  await desk.keyboard.press("Enter");
  await line(desk, "verdict", "partial: grasped, not placed", "a partial success with its reason ends the episode");

  // Demonstrations.
  await desk.getByLabel("reset").fill("1");
  await press(desk, "Record demonstrations");
  await comes(desk, "a countdown, then the recording", () => document.querySelector("[data-testid=demonstration]")?.textContent.includes("recording"));
  await shot(desk, "hands_record");
  await desk.evaluate(() => document.activeElement?.blur());
  await desk.keyboard.down("Space");
  await mode(desk, "human", "a demonstration is driven by hand");
  await desk.keyboard.up("Space");
  const episode = await desk.evaluate(() => window.heard.status.episode);
  await press(desk, "Record again");
  await comes(desk, "recorded again: the episode is broken off", (old) => window.heard.status.episode > old, episode);
  await line(desk, "verdict", "unknown: discarded", "and the record says so");
  await comes(desk, "it records again", () => document.querySelector("[data-testid=demonstration]")?.textContent.includes("0 kept"));
  await press(desk, "Keep: success");
  await line(desk, "verdict", "success", "a demonstration is kept");
  await press(desk, "End");
  await mode(desk, "paused", "at the end the robot is paused");
  check(complaints.length === 0, `no complaint on the browser's console ${complaints.join("; ")}`);
} finally {
  await browser.close();
  await end(child);
}

// What was said is in the dataset, on the frames after which it was said.
execFileSync(gyre, ["data", "convert", `${folder}/journal`, `${folder}/dataset`], { stdio: ["ignore", "ignore", "inherit"] });
const said = ask(gyre, "SELECT unnest(language_events).content AS words FROM frames", "--data", `${folder}/dataset`).map(({ words }) => words);
for (const words of ["up", "left", "open the drawer"]) {
  check(said.filter((one) => one === words).length === 1, `"${words}" is one of the dataset's language events: ${said.join(", ")}`);
}
rmSync(folder, { recursive: true });
process.exit(failures === 0 ? 0 : 1);
