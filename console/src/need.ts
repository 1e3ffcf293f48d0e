// How much a robot needs a person, for the wall: the highest comes first.
import type { Status } from "./wire";

export interface Need {
  rank: number; // 0: none
  why: string;
}

const freshAlarmS = 10;

export function needOf(status: Status | undefined, stale: boolean, gone: boolean): Need {
  if (gone) return { rank: 1, why: "its program has left" };
  if (status === undefined) return { rank: 4, why: "nothing was heard of it" };
  if (status.help !== "") return { rank: 6, why: `asks for help: ${status.help}` };
  if (status.mode === "stopped") return { rank: 5, why: "it is stopped" };
  if (stale) return { rank: 4, why: "nothing is heard of it" };
  if (status.alarm !== "" && status.alarm_age_s < freshAlarmS) return { rank: 3, why: status.alarm };
  if (status.mode === "fallback") return { rank: 2, why: "its policy says nothing" };
  if (status.mode === "paused") return { rank: 1, why: "it is paused" };
  if (status.rung > 0) return { rank: 1, why: `link rung ${status.rung}` };
  return { rank: 0, why: "" };
}
