// Control by hand from the keyboard. The space bar is the dead-man key: the robot moves only while it is
// down, and beats go out only while this page is in front.
import { live } from "./live.svelte";
import type { FieldInfo, RobotInfo } from "./wire";

const beatMs = 1000 / 60;

// Keys by the field that they move, with their direction. Joints take the pairs of keys in order.
const named: Record<string, [minus: string, plus: string]> = {
  dx: ["KeyS", "KeyW"],
  dy: ["KeyD", "KeyA"],
  dz: ["KeyF", "KeyR"],
  drx: ["KeyJ", "KeyL"],
  dry: ["KeyK", "KeyI"],
  drz: ["KeyO", "KeyU"],
};
const inOrder: [string, string][] = [
  ["KeyQ", "KeyE"], ["KeyS", "KeyW"], ["KeyF", "KeyR"], ["KeyD", "KeyA"],
  ["KeyJ", "KeyL"], ["KeyK", "KeyI"], ["KeyO", "KeyU"],
];
const gripperKeys: [string, string] = ["KeyC", "KeyV"];
const jointSpeed = 0.5; // of a joint's range, in a second
const gripperSpeed = 1.5;

export interface KeyPair {
  field: FieldInfo;
  keys: [string, string];
}

export function keysOf(robot: RobotInfo): KeyPair[] {
  let joint = 0;
  return robot.action.flatMap((field) => {
    const keys = field.gripper ? gripperKeys : (named[field.name] ?? inOrder[joint++]);
    return keys ? [{ field, keys }] : [];
  });
}

export function keyName(code: string): string {
  return code.replace("Key", "");
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export class Hands {
  robot = $state.raw<RobotInfo | undefined>(undefined);
  holding = $state(false); // this page asked for control, and has not given it back
  alive = $state(false); // the dead-man key is down
  down = $state.raw<ReadonlySet<string>>(new Set());

  private sequence = 0;
  private targets: number[] = []; // [D], of fields that are positions
  private state: number[] = []; // [S], the newest that was sensed
  private timer: ReturnType<typeof setInterval> | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor() {
    addEventListener("keydown", (event) => this.keyDown(event));
    addEventListener("keyup", (event) => this.keyUp(event));
    for (const lost of ["blur", "pagehide"]) addEventListener(lost, () => this.letGo());
    document.addEventListener("visibilitychange", () => document.hidden && this.letGo());
  }

  choose(robot: RobotInfo): void {
    if (this.robot?.id === robot.id) return;
    this.give();
    this.robot = robot;
    this.unsubscribe?.();
    this.unsubscribe = live.samples(robot.id, (samples) => {
      this.state = samples.state.at(-1) ?? this.state;
    });
  }

  take(): void {
    if (!this.robot || this.holding) return;
    this.holding = true;
    this.sequence = 0;
    live.refused = "";
    live.send({ robot: this.robot.id, verb: "take" });
  }

  give(): void {
    this.letGo();
    if (this.robot && this.holding) live.send({ robot: this.robot.id, verb: "give" });
    this.holding = false;
  }

  // The dead-man key is up, or nobody looks: beats end, and the server pauses the robot.
  letGo(): void {
    this.down = new Set();
    this.alive = false;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  stop(): void {
    this.letGo();
    for (const robot of live.robots) if (!robot.recorded) live.send({ robot: robot.id, verb: "order", order: "stop" });
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.code === "Escape") return this.stop(); // from anywhere, even while typing
    if (event.repeat || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.holding) return;
    if (event.code === "Space") {
      event.preventDefault();
      this.begin();
    }
    this.down = new Set(this.down).add(event.code);
  }

  private keyUp(event: KeyboardEvent): void {
    if (event.code === "Space") this.letGo();
    const down = new Set(this.down);
    down.delete(event.code);
    this.down = down;
  }

  private begin(): void {
    if (this.timer !== undefined || !this.robot) return;
    this.alive = true;
    this.targets = this.present();
    this.beat();
    this.timer = setInterval(() => this.beat(), beatMs);
  }

  // Where the fields that are positions are now: a take-over begins without a jump.
  private present(): number[] {
    const robot = this.robot!;
    return robot.action.map((field) => {
      const sensed = robot.state.findIndex((one) => one.name === field.name);
      return field.kind === "delta" ? 0 : (this.state[sensed] ?? (field.min + field.max) / 2);
    });
  }

  private beat(): void {
    const robot = this.robot!;
    const pairs = new Map(keysOf(robot).map(({ field, keys }) => [field.name, keys]));
    const action = robot.action.map((field, i) => {
      const [minus, plus] = pairs.get(field.name) ?? ["", ""];
      const way = Number(this.down.has(plus)) - Number(this.down.has(minus));
      if (field.kind === "delta") return (way * (field.max - field.min)) / 4;
      const speed = (field.gripper ? gripperSpeed : jointSpeed) * (field.max - field.min);
      const target = this.targets[i]! + (way * speed * beatMs) / 1000;
      return (this.targets[i] = Math.min(field.max, Math.max(field.min, target)));
    });
    live.send({ robot: robot.id, verb: "beat", action, sequence: ++this.sequence });
  }
}

export const hands = new Hands();
