// A folder of runs: its policies and turns.
import type { CostAnswer, FlywheelState, ScopeState, TurnCommand } from "./wire";

// Reads an answer every second while the page is seen, until the returned function is called.
export function poll<T>(path: string, take: (answer: T) => void): () => void {
  let timer: ReturnType<typeof setTimeout>, over = false;
  const read = async () => {
    const answer = document.hidden ? undefined : await fetch(path).catch(() => undefined); // a server that is away comes back
    if (answer?.ok) {
      const told = (await answer.json()) as T;
      if (!over) take(told);
    }
    if (!over) timer = setTimeout(read, 1000);
  };
  void read();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

async function post<T>(path: string, body: object): Promise<T> {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return (await answer.json()) as T;
}

class Flywheel {
  state = $state.raw<FlywheelState | undefined>(undefined);
  refused = $state("");

  watch(): () => void {
    return poll<FlywheelState>("/flywheel/state.json", (state) => (this.state = state));
  }

  // True if it was done.
  async order(path: "use" | "turn", command: object): Promise<boolean> {
    this.refused = "";
    try {
      this.state = await post<FlywheelState>(`/flywheel/${path}`, command);
    } catch (error) {
      this.refused = (error as Error).message;
    }
    return this.refused === "";
  }

  cost(order: Partial<TurnCommand>): Promise<CostAnswer> {
    return post("/flywheel/turn", { ...order, verb: "cost" });
  }
}

export const flywheel = new Flywheel();

// The cells in which a policy has evidence; none while the server is away.
export async function scopeOf(policy: string, real: boolean): Promise<ScopeState | undefined> {
  const answer = await fetch(`/flywheel/scope.json?policy=${policy}&real=${real ? 1 : 0}`).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as ScopeState) : undefined;
}

export const short = (hash: string) => hash.slice(0, 12);

export function clock(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
