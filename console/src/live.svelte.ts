// The connection to the server, and everything that it has told.
import { inFile } from "./recorded.svelte";
import {
  pictureHeadBytes, type Command, type EventLine, type FromServer, type GripperPath, type RobotInfo, type Samples, type ScenePoses,
  type SceneShapes, type Status,
} from "./wire";

const keptEvents = 200;
const retryMs = 500;

export interface Picture {
  bitmap: ImageBitmap;
  timeS: number; // of capture, robot clock
  arrivedMs: number;
}

export const wall = -1; // instead of a robot: all of them, each with a small picture
export const staleMs = 500; // what is older counts as lost

export type SceneNews = SceneShapes | ScenePoses | GripperPath;

export class Live {
  connected = $state(false);
  viewer = $state(0);
  role = $state(""); // "" before the server has said
  author = $state(""); // of what this page does, on the tape
  named = $state(false); // it is the token's name
  session = $state(false); // this browser has logged in
  mayCommand = $derived(this.role === "help" || this.role === "admin");
  mayAdminister = $derived(this.role === "admin");
  robots = $state.raw<RobotInfo[]>([]);
  status = $state<Record<number, Status>>({});
  arrivedMs = $state<Record<number, number>>({}); // of the newest status
  events = $state.raw<EventLine[]>([]);
  refused = $state("");

  private socket: WebSocket | undefined;
  private onPicture = new Map<string, (picture: Picture) => void>();
  private onSamples = new Map<number, Set<(samples: Samples) => void>>();
  private onScene = new Set<(news: SceneNews) => void>();
  private watched = { robot: wall, scene: false };

  constructor() {
    if (!inFile) this.connect();
  }

  // Each new picture of one camera, until the returned function is called.
  pictures(robot: number, camera: number, take: (picture: Picture) => void): () => void {
    const key = `${robot}/${camera}`;
    this.onPicture.set(key, take);
    return () => this.onPicture.delete(key);
  }

  samples(robot: number, take: (samples: Samples) => void): () => void {
    const takers = this.onSamples.get(robot) ?? new Set();
    this.onSamples.set(robot, takers.add(take));
    return () => takers.delete(take);
  }

  // News of the watched robot's scene, until the returned function is called.
  scene(take: (news: SceneNews) => void): () => void {
    this.onScene.add(take);
    this.watch(this.watched.robot, true);
    return () => {
      this.onScene.delete(take);
      this.watch(this.watched.robot, false);
    };
  }

  // The server sends what is needed to watch this robot, or the wall.
  watch(robot: number, scene = this.onScene.size > 0): void {
    this.watched = { robot, scene };
    this.send({ robot, verb: "watch", scene });
  }

  ageMs(robot: number, nowMs: number): number {
    return nowMs - (this.arrivedMs[robot] ?? -Infinity);
  }

  isStale(robot: number, nowMs: number): boolean {
    return !this.connected || this.robots[robot]?.gone || this.ageMs(robot, nowMs) > staleMs;
  }

  send(command: Partial<Command> & { robot: number; verb: string }): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => (this.connected = true);
    socket.onmessage = (message) => {
      if (typeof message.data === "string") this.take(JSON.parse(message.data) as FromServer);
      else void this.takePicture(message.data as ArrayBuffer);
    };
    socket.onclose = () => {
      this.connected = false;
      this.socket = undefined;
      setTimeout(() => this.connect(), retryMs);
    };
    this.socket = socket;
  }

  private take(message: FromServer): void {
    switch (message.type) {
      case "hello":
        this.viewer = message.viewer;
        this.role = message.role;
        this.author = message.author;
        this.named = message.named;
        this.session = message.session;
        this.robots = message.robots;
        this.watch(this.watched.robot, this.watched.scene);
        break;
      case "status":
        this.status[message.robot] = message;
        this.arrivedMs[message.robot] = performance.now();
        break;
      case "samples":
        for (const take of this.onSamples.get(message.robot) ?? []) take(message);
        break;
      case "sceneshapes":
      case "sceneposes":
      case "gripperpath":
        for (const take of this.onScene) take(message);
        break;
      case "eventline":
        this.events = [message, ...this.events.slice(0, keptEvents - 1)];
        break;
      case "refused":
        this.refused = message.text;
        break;
    }
  }

  private async takePicture(frame: ArrayBuffer): Promise<void> {
    const head = new DataView(frame, 0, pictureHeadBytes);
    const camera = `${head.getUint32(0, true)}/${head.getUint32(4, true)}`;
    if (!this.onPicture.has(camera)) return;
    const blob = new Blob([new Uint8Array(frame, pictureHeadBytes)], { type: "image/jpeg" });
    const bitmap = await createImageBitmap(blob);
    const take = this.onPicture.get(camera); // the view may have gone meanwhile
    if (take) take({ bitmap, timeS: head.getFloat64(8, true), arrivedMs: performance.now() });
    else bitmap.close();
  }
}

export const live = new Live();
