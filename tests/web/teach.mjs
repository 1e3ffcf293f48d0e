// A scripted helper teaches the shipped policy a new thing through the page:
//   node tests/web/teach.mjs build/gyre [--episodes 40] [--seed N] [--folder DIR] [--no-turn] [--json FILE|-]
//
// The helper reads the simulator's truth from build/tests/web/kitchen_with_truth and acts by key events in Chromium alone
// (teacher.mjs, limited_keys.mjs). Every second attempt is the policy's for 4 s, then the helper takes over; the others are
// the helper's from the beginning. 60 s end an attempt. Then one turn of the flywheel learns from the recording alone.
// Not a part of `make test`: an attempt takes half a minute of wall time, the turn some ten minutes.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { nowMs } from "./limited_keys.mjs";
import { end, sleep, start } from "./program.mjs";
import { Teacher } from "./teacher.mjs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [gyre, ...flags] = process.argv.slice(2);
const flag = (name, otherwise) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : otherwise);
const episodes = Number(flag("--episodes", "40"));
const seed = flag("--seed", "77");
const json = flag("--json", "");
const folder = flag("--folder", "") || mkdtempSync(join(tmpdir(), "gyre_teach_"));
const journal = join(folder, "journal");
const attemptMs = 60_000;
const policyMs = 4_000;
const log = (text) => process.stderr.write(`${text}\n`);

// Goes by Tab to the button of this name and presses it.
async function pressButton(page, keys, name) {
  const focused = () => page.evaluate(() => (document.activeElement?.tagName === "BUTTON" ? document.activeElement.textContent.trim() : ""));
  for (let i = 0; i < 60; ++i) {
    if ((await focused()).startsWith(name)) {
      await keys.press("Enter", nowMs());
      return;
    }
    await keys.press("Tab", nowMs());
  }
  throw new Error(`no button '${name}' is reached by Tab`);
}

async function teach() {
  const kitchen = join(dirname(gyre), "tests/web/kitchen_with_truth");
  const { child, address } = await start(kitchen, "--console=0", "--suite", "frontier", "--seed", seed, "--journal", journal);
  const look = async () => (await fetch(`${address}/truth`)).json();
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const attempts = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(address);
    const mode = () => page.getByTestId("mode").textContent();
    const isMode = (wanted) => page.waitForFunction((one) => document.querySelector("[data-testid=mode]")?.textContent === one, wanted);
    await page.waitForFunction(() => document.querySelector("figure canvas[data-time]"));
    const teacher = new Teacher(page, look);
    await pressButton(page, teacher.keys, "Take over");
    for (let i = 0; i < episodes; ++i) {
      await sleep(300); // the next scene stands
      const first = await look();
      const beganMs = nowMs();
      const policyFirst = i % 2 === 1;
      if (policyFirst) {
        if ((await mode()) === "paused") await pressButton(page, teacher.keys, "Resume");
        await sleep(policyMs);
      }
      const alone = await look();
      const byPolicy = alone.success || alone.scene_s < first.scene_s;
      const driven = byPolicy ? { success: true, handsOnS: 0 } : await teacher.drive(beganMs + attemptMs);
      if (!driven.success) {
        await teacher.keys.press("3", nowMs()); // a failure, in three seconds
        await sleep(3500);
      }
      const attempt = { task: first.task, policy_first: policyFirst, success: driven.success, hands_on_s: driven.handsOnS, seconds: (nowMs() - beganMs) / 1000 };
      attempts.push(attempt);
      log(`${i + 1}/${episodes} ${first.task} ${byPolicy ? "by the policy alone" : driven.success ? "success" : "FAILURE"}, hands on ${driven.handsOnS.toFixed(1)} s of ${attempt.seconds.toFixed(1)} s`);
      if (!driven.success || (await mode()) === "human") await isMode("paused");
      for (const deadline = nowMs() + 10_000; nowMs() < deadline; await sleep(100)) {
        const now = await look();
        if (now.scene_s < 1 || now.scene_s < first.scene_s) break;
      }
    }
    return { attempts, keys: teacher.keys };
  } finally {
    await browser.close();
    await end(child);
  }
}

function turn() {
  const report = join(folder, "report.json");
  const words = ["turn", "--record", journal, "--embodiments", "so101/ee", "--runs", join(folder, "runs"), "--frontier-episodes", "96",
    "--trained-episodes", "120", "--learn.steps", "1700", "--learn.minutes", "0", "--gate.quick", "true", "--json", report];
  log(`gyre ${words.join(" ")}`);
  execFileSync(gyre, words, { stdio: ["ignore", 2, "inherit"] });
  return JSON.parse(readFileSync(report, "utf8"));
}

mkdirSync(folder, { recursive: true });
log(`in ${folder}`);
const { attempts, keys } = await teach();
const handsOnS = attempts.reduce((sum, one) => sum + one.hands_on_s, 0);
const figures = {
  machine: `${cpus().length} x ${cpus()[0].model}`,
  episodes: attempts.length,
  successes: attempts.filter((one) => one.success).length,
  hands_on_s: Math.round(handsOnS * 10) / 10,
  longest_attempt_s: Math.round(Math.max(...attempts.map((one) => one.seconds)) * 10) / 10,
  wall_s: Math.round(attempts.reduce((sum, one) => sum + one.seconds, 0)),
  key_events: keys.events,
  most_key_events_in_a_second: keys.mostInASecond,
  shortest_reaction_ms: Math.round(keys.shortestReactionMs),
};
log(JSON.stringify(figures));
if (!flags.includes("--no-turn")) {
  const report = turn();
  figures.frontier = report.frontier;
  figures.trained = report.trained;
  figures.promoted = report.decision?.promoted ?? report.promoted;
  figures.report = report;
}
const text = JSON.stringify(figures, null, 2);
if (json && json !== "-") writeFileSync(json, `${text}\n`);
console.log(text);
