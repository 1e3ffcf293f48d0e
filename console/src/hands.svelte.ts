// Control by hand: keys, a gamepad, or pads on the screen. Each has a dead-man control: the space bar, a shoulder
// button, the touch itself. The robot moves only while one is held. The timer that reads them is the one that sends
// the beats, so that a page that hangs falls silent, and silence pauses the robot.
import { axesOf, readGamepad, type Axis, type PadState, type Slot } from "./axes";
import { live } from "./live.svelte";
import { isTyping } from "./typing";
import type { RobotInfo } from "./wire";

const beatMs = 1000 / 60;
const longestStepMs = 50;
const jointSpeed = 0.5; // of a joint's range, in a second
const gripperSpeed = 1.5;
const slowly = 0.25; // of the speed, while Shift is held

export type Touch = Partial<Record<Slot | "gripper", number>>;

function bounded(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

export class Hands {
  robot = $state.raw<RobotInfo | undefined>(undefined);
  holding = $state(false); // this page asked for control, and has not given it back
  alive = $state(false); // a dead-man control is held
  down = $state.raw<ReadonlySet<string>>(new Set());
  gamepad = $state(""); // its name; "": there is none
  frame = $state(-1); // the camera whose picture tells directions; -1: the robot's own
  axes = $derived.by(() => (this.robot ? axesOf(this.robot, this.right) : []));

  private viewer = 0; // this page's number when the robot was chosen
  private sequence = 0;
  private beatAtMs = 0;
  private space = false;
  private touches = new Map<number, Touch>();
  private shoulderFree = false; // the gamepad's dead-man button was seen up since control was let go
  private targets: number[] = []; // [D], of fields that are positions
  private sent: number[] = []; // [D], the newest command
  private timer: ReturnType<typeof setInterval> | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor() {
    addEventListener("keydown", (event) => this.keyDown(event));
    addEventListener("keyup", (event) => this.keyUp(event));
    for (const lost of ["blur", "pagehide", "gamepaddisconnected"]) addEventListener(lost, () => this.letGo());
    addEventListener("gamepadconnected", (event) => (this.gamepad = event.gamepad.id));
    addEventListener("gamepaddisconnected", () => (this.gamepad = ""));
    addEventListener("hashchange", () => this.give());
    document.addEventListener("visibilitychange", () => document.hidden && this.letGo());
  }

  // The horizontal direction that is called right.
  get right(): [number, number] {
    const right = this.frame >= 0 ? this.robot?.camera_right[this.frame] : undefined;
    return right?.length === 2 ? [right[0]!, right[1]!] : [0, -1];
  }

  choose(robot: RobotInfo): void {
    if (this.robot === robot) return;
    if (this.robot?.id === robot.id) {
      // A new connection, by which this page is another viewer, or a robot that has come back.
      if (this.viewer !== live.viewer || this.robot.gone !== robot.gone) this.lose();
    } else {
      this.give();
      this.frame = robot.camera_right.findIndex((right) => right.length === 2);
    }
    this.robot = robot;
    this.viewer = live.viewer;
    this.unsubscribe?.();
    this.unsubscribe = live.samples(robot.id, (samples) => {
      this.sent = samples.sent.at(-1) ?? this.sent;
    });
  }

  take(): void {
    if (!this.robot || this.holding) return;
    live.refused = "";
    live.send({ robot: this.robot.id, verb: "take" });
    this.hold();
  }

  // Control is this page's: it was taken, or another page handed it over.
  hold(): void {
    if (this.holding) return;
    this.holding = true;
    this.sequence = 0;
    this.shoulderFree = false;
    this.timer = setInterval(() => this.tick(), beatMs);
  }

  give(): void {
    if (this.robot && this.holding) live.send({ robot: this.robot.id, verb: "give" });
    this.lose();
  }

  // Control is another's.
  lose(): void {
    this.letGo();
    clearInterval(this.timer);
    this.holding = false;
  }

  // Everything that was held counts as released: the robot holds still at once, and the silence pauses it. To go on,
  // a dead-man control must be released and held anew.
  letGo(): void {
    this.down = new Set();
    this.space = this.shoulderFree = false;
    this.touches.clear();
    if (this.alive && this.robot) live.send({ robot: this.robot.id, verb: "beat", action: [], sequence: ++this.sequence });
    this.alive = false;
  }

  stop(): void {
    this.letGo();
    if (!live.mayCommand) return;
    for (const robot of live.robots) if (!robot.recorded) live.send({ robot: robot.id, verb: "order", order: "stop" });
  }

  touch(pointer: number, touch: Touch): void {
    if (!this.holding) return;
    this.touches.set(pointer, touch);
    this.tick();
  }

  touchMoves(pointer: number, touch: Touch): void {
    if (this.touches.has(pointer)) this.touches.set(pointer, touch);
  }

  touchEnds(pointer: number): void {
    if (this.touches.delete(pointer)) this.tick();
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.code === "Escape") return this.stop(); // from anywhere, even while typing
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || !this.holding) return;
    if (event.code === "Space") event.preventDefault(); // it presses no button and scrolls nothing
    if (event.repeat) return;
    this.space ||= event.code === "Space";
    this.down = new Set(this.down).add(event.code);
    if (event.code === "Space") this.tick();
  }

  private keyUp(event: KeyboardEvent): void {
    if (!this.holding) return;
    if (event.code === "Space") {
      if (!isTyping(event.target)) event.preventDefault();
      this.space = false;
    }
    const down = new Set(this.down);
    down.delete(event.code);
    this.down = down;
    this.tick();
  }

  private readPad(): PadState | undefined {
    const pad = [...navigator.getGamepads()].find((one) => one?.connected);
    this.gamepad = pad?.id ?? "";
    const state = pad ? readGamepad(pad) : undefined;
    if (state && !state.held) this.shoulderFree = true;
    return state;
  }

  private tick(): void {
    if (!this.holding) return;
    const pad = this.readPad();
    const held = this.space || this.touches.size > 0 || (pad !== undefined && pad.held && this.shoulderFree);
    if (!held) {
      if (this.alive) this.letGo();
      return;
    }
    if (!this.alive) this.begin();
    this.beat(pad);
  }

  private begin(): void {
    this.alive = true;
    this.beatAtMs = performance.now();
    // Positions begin at the command that was sent last, with the grip that it has: no jump.
    this.targets = this.robot!.action.map((field, i) => (field.kind === "position" ? (this.sent[i] ?? (field.min + field.max) / 2) : 0));
  }

  // How far an axis is asked to go, -1 to 1.
  private way(axis: Axis, pad: PadState | undefined): number {
    let way = Number(this.down.has(axis.keys[1])) - Number(this.down.has(axis.keys[0]));
    const slot = axis.gripper ? "gripper" : axis.slot;
    if (slot) for (const touch of this.touches.values()) way += touch[slot] ?? 0;
    if (pad?.held) way += axis.gripper ? pad.gripper : axis.slot ? pad.slots[axis.slot] : 0;
    return bounded(way, -1, 1);
  }

  private beat(pad: PadState | undefined): void {
    const robot = this.robot!;
    const pace = this.down.has("ShiftLeft") || this.down.has("ShiftRight") ? slowly : 1;
    const now = performance.now();
    const seconds = Math.min(now - this.beatAtMs, longestStepMs) / 1000;
    this.beatAtMs = now;
    const ways = robot.action.map(() => 0);
    for (const axis of this.axes) {
      const way = this.way(axis, pad) * (axis.gripper ? 1 : pace);
      for (const { field, weight } of axis.moves) ways[field]! += way * weight;
    }
    const action = robot.action.map((field, i) => {
      const range = field.max - field.min;
      if (field.kind !== "position") return bounded((ways[i]! * range) / 4, field.min, field.max);
      const speed = (field.gripper ? gripperSpeed : jointSpeed) * range;
      return (this.targets[i] = bounded(this.targets[i]! + ways[i]! * speed * seconds, field.min, field.max));
    });
    live.send({ robot: robot.id, verb: "beat", action, sequence: ++this.sequence });
  }
}

export const hands = new Hands();
