// Verdicts of this page. One can be undone until it is sent, a few seconds after it was given.
import { live } from "./live.svelte";

export type Outcome = "success" | "partial" | "failure";
export const undoMs = 3000;

class Judging {
  pending = $state.raw<{ robot: number; outcome: Outcome; reason: string } | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    addEventListener("pagehide", () => this.send());
  }

  give(robot: number, outcome: Outcome, reason = ""): void {
    if (this.pending?.robot === robot) this.undo(); // a second thought on the same attempt
    else this.send();
    this.pending = { robot, outcome, reason };
    this.timer = setTimeout(() => this.send(), undoMs);
  }

  undo(): void {
    clearTimeout(this.timer);
    this.pending = undefined;
  }

  private send(): void {
    const given = this.pending;
    this.undo();
    if (given) live.send({ robot: given.robot, verb: "judge", outcome: given.outcome, words: given.reason });
  }
}

export const judging = new Judging();
