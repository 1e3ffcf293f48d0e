// What viewers cost the control loop: how late it wakes up with none and with five, in alternating blocks.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { ask, end, sleep, start } from "./program.mjs";
import { Viewer } from "./viewer.mjs";

const unixMs = () => performance.timeOrigin + performance.now();
const settleMs = 1000;

// Microseconds by which each control period of [fromMs, toMs] came after its beat. Beats are a control period apart;
// the earliest period of an episode in the block stands for its beat.
function latenesses(steps, fromMs, toMs, periodUs) {
  const phases = new Map();
  for (const { episode, tick, us } of steps) {
    if (us < fromMs * 1000 || us > toMs * 1000) continue;
    if (!phases.has(episode)) phases.set(episode, []);
    phases.get(episode).push(us - tick * periodUs);
  }
  return [...phases.values()].flatMap((ones) => {
    const first = ones.reduce((least, one) => Math.min(least, one), Infinity);
    return ones.map((one) => one - first);
  });
}

// Microseconds, by the number of viewers.
export async function wakeUps(gyre, blocks, seconds) {
  const journal = mkdtempSync(`${tmpdir()}/gyre-wake-`);
  const { child, address } = await start(gyre, "sim", "--console=0", "--suite", "trained", "--seed", "3", "--journal", journal);
  const spans = [];
  try {
    for (let i = 0; i < 2 * blocks; ++i) {
      const count = i % 2 ? 5 : 0;
      const viewers = Array.from({ length: count }, () => new Viewer(address, { robot: 0, scene: true }));
      await sleep(settleMs);
      const from = unixMs();
      await sleep(seconds * 1000);
      spans.push({ count, from, to: unixMs() });
      await Promise.all(viewers.map((viewer) => viewer.close()));
    }
  } finally {
    await end(child);
  }
  const steps = ask(gyre, "SELECT episode, tick, epoch_us(time) AS us FROM steps ORDER BY us", "--journals", journal);
  rmSync(journal, { recursive: true });
  const periodUs = 10_000;
  const late = (count) => spans.filter((span) => span.count === count).flatMap(({ from, to }) => latenesses(steps, from, to, periodUs));
  return { nobody: late(0), five: late(5) };
}
