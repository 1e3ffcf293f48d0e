// Recorded episodes: the list, and one episode with its pictures.
import type { EpisodeList, FoundEpisodes, RecordedEpisode } from "./wire";

// A page that was written to a file holds its answers as elements, by their paths.
export const inFile = document.querySelector("script[data-path]") !== null;

function held(path: string): string | undefined {
  return document.querySelector(`script[data-path="${path}"]`)?.textContent ?? undefined;
}

async function ask(path: string): Promise<Response> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer;
}

export async function getJson<T>(path: string): Promise<T> {
  if (inFile) return JSON.parse(held(path) ?? "null") as T;
  return (await (await ask(path)).json()) as T;
}

async function getBytes(path: string): Promise<ArrayBuffer> {
  if (!inFile) return (await ask(path)).arrayBuffer();
  const text = atob(held(path) ?? "");
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
}

// One line of the list; `place` is its position.
export interface Line {
  place: number;
  folder: number;
  index: number;
  task: string;
  seconds: number;
  outcome: "" | "success" | "failure";
  byHand: number; // share; -1: not known
  alarms: number; // -1: not known
  here: boolean;
  quality: number; // 0: nobody said
  excluded: boolean;
  need: number; // of a judgement
}

const outcomes = ["", "success", "failure"] as const;

export class Recorded {
  list = $state.raw<EpisodeList | undefined>(undefined);
  lines = $state.raw<Line[]>([]);
  found = $state.raw<ReadonlySet<number> | undefined>(undefined); // of the question in SQL
  note = $state("");
  problem = $state("");

  private loads = 0;

  // The answer of an older load never replaces a newer one's.
  async load(): Promise<void> {
    const load = ++this.loads;
    try {
      const list = await getJson<EpisodeList>("/recorded/list.json");
      if (load !== this.loads) return;
      this.lines = list.index.map((index, place) => ({
        place,
        folder: list.folder[place]!,
        index,
        task: list.tasks[list.task[place]!]!,
        seconds: list.seconds[place]!,
        outcome: outcomes[list.outcome[place]!]!,
        byHand: list.by_hand[place]!,
        alarms: list.alarms[place]!,
        here: list.here[place] === 1,
        quality: list.quality[place]!,
        excluded: list.excluded[place] === 1,
        need: list.need[place]!,
      }));
      this.list = list;
      this.problem = list.folders.map((folder) => folder.problem).filter((text) => text !== "").join("; ");
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  // Keeps the episodes that fit; no words: all of them.
  async ask(where: string, having: string): Promise<void> {
    this.problem = this.note = "";
    this.found = undefined;
    if (where.trim() === "" && having.trim() === "") return;
    try {
      const question = new URLSearchParams({ where, having });
      const answer = await getJson<FoundEpisodes>(`/recorded/found.json?${question}`);
      this.found = new Set(answer.found);
      this.note = answer.note;
    } catch (error) {
      this.problem = (error as Error).message;
      this.found = new Set();
    }
  }
}

export const recorded = new Recorded();

export function readEpisode(folder: number, index: number): Promise<RecordedEpisode> {
  return getJson<RecordedEpisode>(`/recorded/${folder}/${index}.json`);
}

// The pictures of one camera of an episode, read in batches. The newest few batches are held.
export class Pictures {
  private batches = new Map<number, Promise<(ImageBitmap | undefined)[]>>(); // oldest first
  private readonly held = 8;

  constructor(private episode: RecordedEpisode, private camera: number) {}

  async at(row: number): Promise<ImageBitmap | undefined> {
    const batch = Math.floor(row / this.episode.batch);
    const pictures = this.batch(batch);
    if ((batch + 1) * this.episode.batch < this.episode.sent.length) this.batch(batch + 1).catch(() => {}); // asked again when it is due
    return (await pictures)[row - batch * this.episode.batch];
  }

  close(): void {
    for (const batch of this.batches.values()) drop(batch);
    this.batches.clear();
  }

  private batch(number: number): Promise<(ImageBitmap | undefined)[]> {
    const known = this.batches.get(number);
    const pictures = known ?? this.read(number);
    this.batches.delete(number);
    this.batches.set(number, pictures);
    if (this.batches.size > this.held) {
      const [oldest, dropped] = this.batches.entries().next().value!;
      this.batches.delete(oldest);
      drop(dropped);
    }
    return pictures;
  }

  private async read(number: number): Promise<(ImageBitmap | undefined)[]> {
    const { folder, index } = this.episode;
    const bytes = await getBytes(`/recorded/${folder}/${index}/pictures/${this.camera}/${number}`);
    const head = new DataView(bytes);
    const count = bytes.byteLength < 4 ? 0 : head.getUint32(0, true);
    let at = 4 + 4 * count;
    const files: Blob[] = [];
    for (let i = 0; i < count; ++i) {
      const size = head.getUint32(4 + 4 * i, true);
      files.push(new Blob([new Uint8Array(bytes, at, size)]));
      at += size;
    }
    return Promise.all(files.map((file) => (file.size > 0 ? createImageBitmap(file) : undefined)));
  }
}

function drop(batch: Promise<(ImageBitmap | undefined)[]>): void {
  void batch.then((pictures) => pictures.forEach((picture) => picture?.close()), () => {});
}
