// A scripted helper that puts an object at a place by the keys of the console's page. It looks every 100 ms at the
// simulator's truth, in place of eyes, and acts in strokes: one or two axes at once, far from the goal fast, near it slowly
// (Shift). While a stroke goes on it plans the next one for where the hand will be at its end.
import { LimitedKeys, nowMs } from "./limited_keys.mjs";

const lookMs = 100;
const unseenMs = 60; // from a key's event to the motion that is seen
const slowly = 0.25;
const gripMs = 750; // for the whole way of the gripper
const releaseMs = 400;
const firmMs = 300; // a hold is firm after so long, and lost

// Keys of each axis with the picture of the front camera for directions (console/src/axes.ts): right is the robot's
// left, +y. Speeds are a quarter of the contract's range in one action period (console/src/hands.svelte.ts): m/s, rad/s.
// Within `near` of the goal it goes slowly; going fast it stops `short` of the goal.
const metres = { speed: 0.15, near: 0.02, short: 0.009 };
const axes = {
  x: { plus: "s", minus: "w", ...metres },
  y: { plus: "d", minus: "a", ...metres },
  z: { plus: "r", minus: "f", ...metres },
  turn: { plus: "u", minus: "o", speed: 1.75, near: 0.25, short: 0.1 },
};

const wrap = (angle, period) => angle - period * Math.round(angle / period);
const horizontal = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const point = ([x, y, z]) => ({ x, y, z });

function yawOf([w, x, y, z]) {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

// The turn of an object that matters to a gripper: a block looks the same every quarter.
function graspYaw({ object, object_pose }) {
  const period = object.endsWith("block") ? Math.PI / 2 : object.endsWith("sponge") ? Math.PI : 0;
  return period ? Math.max(-0.8, Math.min(0.8, wrap(yawOf(object_pose.rotation), period))) : 0;
}

export class Teacher {
  #keys;
  #look;
  #events = []; // of keys: {at, kind, key, seen, done}, in their order; `at` is planned until it is done
  #strokeEndMs = 0;
  #phase = "";
  #sinceMs = 0; // the phase began
  #expectedMs = 0; // the last moment at which the object was held, or free, as the phase expects
  #seen = 0;

  // `look` returns the newest truth.
  constructor(page, look) {
    this.#keys = new LimitedKeys(page);
    this.#look = look;
  }

  get keys() {
    return this.#keys;
  }

  // Holds the dead-man key and drives until the object is there or the time is up. Returns the truth's success and the
  // seconds with the hand on.
  async drive(untilMs) {
    const first = await this.#look();
    this.#events = [];
    this.#seen = this.#expectedMs = first.time_s * 1000;
    const beganMs = await this.#keys.act("down", "Space", this.#seen);
    this.#strokeEndMs = nowMs();
    this.#enter(first.opening > 0.9 ? "approach" : "reopen");
    let truth = first;
    while (!truth.success && nowMs() < untilMs) {
      this.#decide(truth);
      const nextMs = nowMs() + lookMs;
      do await this.#actDue(nextMs);
      while (nowMs() < nextMs);
      truth = await this.#look();
      if (truth.task !== first.task || truth.scene_s < first.scene_s) break; // the next scene stands
    }
    const success = truth.success || truth.scene_s < first.scene_s;
    const seen = truth.time_s * 1000;
    const endedMs = await this.#keys.act("up", "Space", seen);
    this.#events = this.#events.filter(({ done }) => done);
    for (const key of new Set(this.#events.map((event) => event.key))) if (this.#isDown(key, nowMs())) await this.#keys.act("up", key, seen);
    return { success, handsOnS: (endedMs - beganMs) / 1000 };
  }

  // A key at a moment, by what was done and by what is planned.
  #isDown(key, moment) {
    return this.#events.findLast((event) => event.key === key && event.at <= moment)?.kind === "down";
  }

  #put(key, kind, at) {
    this.#events.push({ key, kind, at, seen: this.#seen, done: false });
    this.#events.sort((a, b) => a.at - b.at);
    if (this.#events.length > 60) this.#events.splice(0, 20);
  }

  // Does what is due, or waits a moment. What comes late puts off what was planned after it.
  async #actDue(untilMs) {
    const event = this.#events.find(({ done }) => !done);
    if (event && event.at <= nowMs()) {
      const late = (await this.#keys.act(event.kind, event.key, event.seen)) - event.at;
      event.done = true;
      event.at += late;
      for (const one of this.#events) if (!one.done) one.at += late;
      this.#strokeEndMs += late;
      return;
    }
    const next = Math.min(event?.at ?? Infinity, untilMs);
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, Math.min(next - nowMs(), 10))));
  }

  #enter(phase) {
    this.#phase = phase;
    this.#sinceMs = this.#expectedMs = this.#seen;
    const hold = { close: ["c", gripMs], reopen: ["v", gripMs], release: ["v", releaseMs] }[phase];
    if (!hold) return;
    const [key, lengthMs] = hold;
    const from = this.#keys.roomAt(this.#seen + LimitedKeys.reactionMs, 2);
    this.#events = this.#events.filter((event) => event.done || (event.key !== "c" && event.key !== "v"));
    for (const grip of ["c", "v"]) if (this.#isDown(grip, from)) this.#put(grip, "up", from);
    this.#put(key, "down", from);
    this.#put(key, "up", from + lengthMs);
  }

  // How far the hand goes along an axis between what is seen and a moment.
  #wayTo(axis, untilMs) {
    const stepMs = 5;
    let seconds = 0;
    for (let t = this.#seen - unseenMs; t < untilMs; t += stepMs) {
      const sign = Number(this.#isDown(axis.plus, t)) - Number(this.#isDown(axis.minus, t));
      if (sign) seconds += (sign * stepMs * (this.#isDown("Shift", t) ? slowly : 1)) / 1000;
    }
    return seconds * axis.speed;
  }

  #decide(truth) {
    this.#seen = truth.time_s * 1000;
    const fromMs = Math.max(this.#seen + LimitedKeys.reactionMs, this.#strokeEndMs);
    const seen = { ...point(truth.hand.position), turn: yawOfHand(truth.hand.rotation) };
    const hand = Object.fromEntries(Object.entries(axes).map(([name, axis]) => [name, seen[name] + this.#wayTo(axis, fromMs)]));
    const goal = this.#goal(truth, seen, hand);
    if (this.#strokeEndMs > this.#seen + LimitedKeys.reactionMs + lookMs) return; // there is time for another look
    this.#stroke(fromMs, hand, goal);
  }

  // Plans the next stroke, where one is needed.
  #stroke(fromMs, hand, goal) {
    const rests = Object.entries(axes).map(([name, axis]) => {
      const rest = name === "turn" ? wrap(goal.turn - hand.turn, 2 * Math.PI) : goal[name] - hand[name];
      return { axis, rest, size: Math.abs(rest), within: goal.within[name] };
    });
    const slow = rests.every(({ axis, size, within }) => size < Math.max(axis.near, within));
    const strokes = rests.filter(({ size, within }) => size > within).map(({ axis, rest, size }) => {
      const way = slow ? size : size - axis.short;
      return { key: rest > 0 ? axis.plus : axis.minus, ms: (way / axis.speed / (slow ? slowly : 1)) * 1000 };
    }).filter(({ ms }) => ms > 20).sort((a, b) => b.ms - a.ms).slice(0, 2);
    if (strokes.length === 0) return;
    const shift = this.#isDown("Shift", fromMs) !== slow;
    const at = this.#keys.roomAt(fromMs, 2 * strokes.length + Number(shift));
    if (shift) this.#put("Shift", slow ? "down" : "up", at);
    for (const { key, ms } of strokes) {
      this.#put(key, "down", at + 0.01);
      this.#put(key, "up", at + ms);
    }
    this.#strokeEndMs = at + strokes[0].ms;
  }

  // No key moves the hand since the present sight, or will.
  get #rests() {
    return this.#strokeEndMs < this.#seen - unseenMs;
  }

  // Goes on to the next phase where the present one is done. Returns the place for the hand, with how near it must be.
  // `seen`: the hand as seen; `hand`: where it will be when new plans begin.
  #goal(truth, seen, hand) {
    const { scale } = truth;
    const object = point(truth.object_pose.position), place = point(truth.place_pose.position);
    const lowest = truth.finger_reach + 0.002;
    const grasp = { x: object.x, y: object.y, z: Math.max(object.z, lowest), turn: graspYaw(truth) };
    // Where the hand must be for the object to stand at the place.
    const put = {
      x: place.x + seen.x - object.x, y: place.y + seen.y - object.y, turn: 0,
      z: place.z + truth.object_half_height + seen.z - object.z + 0.006 * scale,
    };
    const hover = 0.125 * scale, carry = 0.14 * scale;
    const inPhaseMs = this.#seen - this.#sinceMs;
    if (truth.held === (this.#phase === "lift" || this.#phase === "carry" || this.#phase === "lower")) this.#expectedMs = this.#seen;
    const changedMs = this.#seen - this.#expectedMs; // `held` is for so long what the phase does not expect
    const fine = 0.004, coarse = 0.014;

    if (["lift", "carry", "lower"].includes(this.#phase) && changedMs > firmMs) this.#enter("reopen"); // it slipped
    if (truth.inside && !truth.held && this.#phase !== "release" && this.#phase !== "retreat") this.#enter("retreat");
    switch (this.#phase) {
      case "approach":
        if (horizontal(hand, grasp) < 0.005 && horizontal(seen, grasp) < 0.012) this.#enter("descend");
        break;
      case "descend":
        if (horizontal(seen, grasp) > 0.02 && seen.z > grasp.z + 0.02) this.#enter("approach");
        else if (this.#rests && horizontal(seen, grasp) < (inPhaseMs < 4000 ? 0.0065 : 0.01) && seen.z < grasp.z + 0.007) this.#enter("close");
        break;
      case "close":
        if (changedMs >= firmMs && inPhaseMs > LimitedKeys.reactionMs + firmMs) this.#enter("lift");
        else if (inPhaseMs > LimitedKeys.reactionMs + gripMs + 400 && !truth.held) this.#enter("reopen");
        break;
      case "reopen":
        if (inPhaseMs > gripMs) this.#enter("approach");
        break;
      case "lift":
        if (hand.z > carry - 0.015) this.#enter("carry");
        break;
      case "carry":
        if (horizontal(hand, put) < 0.010 && horizontal(seen, put) < 0.025) this.#enter("lower");
        break;
      case "lower":
        if (this.#rests && horizontal(seen, put) < 0.013 && seen.z < put.z + 0.007) this.#enter("release");
        break;
      case "release":
        if (inPhaseMs > LimitedKeys.reactionMs + releaseMs + 200) this.#enter(truth.held ? "release" : truth.inside ? "retreat" : "reopen");
        break;
    }
    // Down is deep enough a little above the goal: below it the table takes the hand's way.
    const downTo = (z) => (hand.z < z + 0.006 ? hand.z : z);
    const still = { ...hand, within: { x: coarse, y: coarse, z: coarse, turn: 0.3 } };
    switch (this.#phase) {
      case "approach": {
        const low = seen.z < hover - 0.02 && horizontal(seen, grasp) > 0.02; // up before going anywhere
        return low ? { ...still, z: hover } : { ...grasp, z: hover, within: { x: fine, y: fine, z: coarse, turn: 0.1 } };
      }
      case "descend": return { ...grasp, z: downTo(grasp.z), within: { x: fine, y: fine, z: fine, turn: 0.15 } };
      case "reopen": return inPhaseMs > 300 ? { ...still, z: hover } : still;
      case "lift": return { ...still, z: carry };
      case "carry": return { ...put, z: carry, within: { x: 0.008, y: 0.008, z: coarse, turn: 0.3 } };
      case "lower": return { ...put, z: downTo(put.z), within: { x: 0.008, y: 0.008, z: fine, turn: 0.4 } };
      case "retreat": return { ...still, z: hover };
      default: return still;
    }
  }
}

// The turn about the vertical of a hand whose tool points down.
function yawOfHand([, x, y]) {
  return wrap(2 * Math.atan2(y, x), 2 * Math.PI);
}
