// Words for a running policy.
import { hands } from "./hands.svelte";
import { live } from "./live.svelte";
import type { RobotInfo } from "./wire";

const arrowMs = 1200;
const keptWords = 12;

export type Scope = "say" | "coach"; // the task, or the next subtask alone

class Coaching {
  said = $state.raw<string[]>([]); // by this page, the newest first
  arrow = $state(""); // the nudge that this page has just given

  private timer: ReturnType<typeof setTimeout> | undefined;

  say(robot: RobotInfo, text: string, scope: Scope): void {
    const words = text.trim().replace(/\s+/g, " ");
    if (words === "") return;
    live.refused = "";
    const word = words.toLowerCase();
    if (robot.nudges.includes(word)) return this.nudge(robot, word);
    live.send({ robot: robot.id, verb: scope, words });
    this.said = [words, ...this.said.filter((one) => one !== words)].slice(0, keptWords);
  }

  nudge(robot: RobotInfo, word: string): void {
    live.refused = "";
    live.send({ robot: robot.id, verb: "coach", words: word, camera: hands.frame });
  }

  // The tape tells that a nudge of this page was taken.
  show(word: string): void {
    this.arrow = word;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.arrow = ""), arrowMs);
  }
}

export const coaching = new Coaching();

// The words of a text, each with whether the policy knows it.
export function understood(robot: RobotInfo, text: string): { word: string; known: boolean }[] {
  const known = new Set([...robot.vocabulary, ...robot.nudges]);
  return (text.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? []).map((word) => ({
    word,
    known: robot.vocabulary.length === 0 || known.has(word),
  }));
}
