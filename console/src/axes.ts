// The motions that a person can ask for by hand, and the keys, sticks and pads that ask for them.
import type { RobotInfo } from "./wire";

// A stick's direction: right and up are positive.
export type Slot = "leftX" | "leftY" | "rightX" | "rightY" | "tiltX" | "tiltY";

export interface Axis {
  label: string;
  keys: [minus: string, plus: string];
  slot?: Slot;
  gripper: boolean;
  moves: { field: number; weight: number }[]; // action fields that it moves
}

const tilts: { name: string; label: string; keys: [string, string]; slot: Slot; weight: number }[] = [
  { name: "drx", label: "roll", keys: ["KeyJ", "KeyL"], slot: "tiltX", weight: 1 },
  { name: "dry", label: "pitch", keys: ["KeyK", "KeyI"], slot: "tiltY", weight: 1 },
  { name: "drz", label: "turn", keys: ["KeyU", "KeyO"], slot: "rightX", weight: -1 }, // the stick's right is clockwise
];
const jointKeys: [string, string][] = [
  ["KeyQ", "KeyE"], ["KeyS", "KeyW"], ["KeyF", "KeyR"], ["KeyD", "KeyA"],
  ["KeyJ", "KeyL"], ["KeyK", "KeyI"], ["KeyO", "KeyU"],
];
const jointSlots: Slot[] = ["leftX", "leftY", "rightY", "rightX", "tiltX", "tiltY"];

// `right`: the horizontal direction (x, y; base frame) that is called right. The robot's own is [0, -1].
export function axesOf(robot: RobotInfo, right: [number, number]): Axis[] {
  const place = (name: string) => robot.action.findIndex((field) => field.name === name);
  const [dx, dy, dz] = [place("dx"), place("dy"), place("dz")];
  const gripper = robot.action.findIndex((field) => field.gripper);
  const axes: Axis[] = [];
  const horizontal = (x: number, y: number) => [{ field: dx, weight: x }, { field: dy, weight: y }];
  if (dx >= 0 && dy >= 0 && dz >= 0) {
    const [x, y] = right;
    axes.push({ label: "left, right", keys: ["KeyA", "KeyD"], slot: "leftX", gripper: false, moves: horizontal(x, y) });
    axes.push({ label: "back, forward", keys: ["KeyS", "KeyW"], slot: "leftY", gripper: false, moves: horizontal(-y, x) });
    axes.push({ label: "down, up", keys: ["KeyF", "KeyR"], slot: "rightY", gripper: false, moves: [{ field: dz, weight: 1 }] });
  }
  for (const { name, label, keys, slot, weight } of tilts) {
    if (place(name) >= 0) axes.push({ label, keys, slot, gripper: false, moves: [{ field: place(name), weight }] });
  }
  const moved = new Set(axes.flatMap((axis) => axis.moves.map((move) => move.field)));
  let joint = 0;
  robot.action.forEach((one, field) => {
    if (one.gripper || moved.has(field) || joint >= jointKeys.length) return;
    axes.push({ label: one.name, keys: jointKeys[joint]!, slot: jointSlots[joint], gripper: false, moves: [{ field, weight: 1 }] });
    ++joint;
  });
  if (gripper >= 0) axes.push({ label: "close, open", keys: ["KeyC", "KeyV"], gripper: true, moves: [{ field: gripper, weight: 1 }] });
  return axes;
}

export function keyName(code: string): string {
  return code.replace("Key", "");
}

// The sticks of a gamepad in the browser's standard layout. Either shoulder button is the dead-man button.
export interface PadState {
  held: boolean;
  slots: Record<Slot, number>;
  gripper: number;
}

const deadZone = 0.15;

function stick(value: number | undefined): number {
  const size = Math.abs(value ?? 0);
  return size < deadZone ? 0 : (Math.sign(value!) * (size - deadZone)) / (1 - deadZone);
}

export function readGamepad(pad: Gamepad): PadState {
  const button = (i: number) => pad.buttons[i]?.value ?? 0;
  const pressed = (i: number) => Number(pad.buttons[i]?.pressed ?? false);
  return {
    held: pressed(4) + pressed(5) > 0,
    slots: {
      leftX: stick(pad.axes[0]), leftY: -stick(pad.axes[1]),
      rightX: stick(pad.axes[2]), rightY: -stick(pad.axes[3]),
      tiltX: pressed(15) - pressed(14), tiltY: pressed(12) - pressed(13),
    },
    gripper: button(6) - button(7), // the left trigger opens, the right one closes
  };
}
