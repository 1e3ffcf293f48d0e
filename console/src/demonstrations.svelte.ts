// Demonstrations, one after another: a countdown in which the scene is set right, an episode by hand, its verdict.
// The policy is paused all the while.
import { hands } from "./hands.svelte";
import { live } from "./live.svelte";
import type { EventLine } from "./wire";

type Stage = "off" | "countdown" | "recording";

class Demonstrations {
  stage = $state<Stage>("off");
  left = $state(0); // seconds until the next one begins
  pause = $state(5); // seconds between two
  kept = $state(0);

  private robot = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  begin(robot: number): void {
    this.robot = robot;
    this.kept = 0;
    this.countDown();
  }

  end(): void {
    clearInterval(this.timer);
    if (this.stage === "recording") live.send({ robot: this.robot, verb: "discard", again: true });
    this.stage = "off";
    hands.give();
  }

  // Drops the present one; `again`: its scene comes again.
  discard(again: boolean): void {
    live.send({ robot: this.robot, verb: "discard", again });
    this.countDown();
  }

  // The tape tells of a verdict, a person's or the judge's.
  heard(line: EventLine): void {
    if (this.stage !== "recording" || line.robot !== this.robot || line.what !== "verdict") return;
    if (!/^(success|partial|failure)/.test(line.text)) return;
    ++this.kept;
    this.countDown();
  }

  private countDown(): void {
    clearInterval(this.timer);
    live.send({ robot: this.robot, verb: "order", order: "pause" });
    hands.letGo();
    this.stage = "countdown";
    this.left = this.pause;
    this.timer = setInterval(() => --this.left <= 0 && this.start(), 1000);
    if (this.left <= 0) this.start();
  }

  // The episode begins afresh, without what happened in the countdown.
  start(): void {
    clearInterval(this.timer);
    live.send({ robot: this.robot, verb: "discard", again: true });
    this.stage = "recording";
    hands.take();
  }
}

export const demonstrations = new Demonstrations();
