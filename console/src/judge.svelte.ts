// Judging recorded episodes: each judgement is on the server's disk when its answer comes.
import { live } from "./live.svelte";
import { getJson, inFile } from "./recorded.svelte";
import { postJson } from "./session";
import type { EpisodeLabels, Judgement, LabelLine, RecordedEpisode } from "./wire";

const authorKey = "gyre-author";

export class Judge {
  private typed = $state(inFile ? "" : (localStorage.getItem(authorKey) ?? "console"));
  author = $derived(live.named ? live.author : this.typed);
  labels = $state.raw<LabelLine[]>([]);
  problem = $state("");

  private episode: RecordedEpisode | undefined;
  private order = Promise.resolve(); // judgements are written in the order in which they were made

  async open(episode: RecordedEpisode | undefined): Promise<void> {
    this.episode = episode;
    this.labels = [];
    this.problem = "";
    if (!episode) return;
    const answer = await getJson<EpisodeLabels>(`/recorded/${episode.folder}/${episode.index}/labels.json`);
    if (this.episode === episode) this.labels = answer.labels;
  }

  name(author: string): void {
    this.typed = author.trim() || "console";
    localStorage.setItem(authorKey, this.typed);
  }

  say(judgement: Partial<Judgement> & { verb: string }): Promise<void> {
    const { episode, author } = this;
    if (!episode || inFile) return Promise.resolve();
    this.order = this.order.then(async () => {
      const { folder, index } = episode;
      const answer = await postJson("/recorded/judge", { folder, index, author, ...judgement });
      const text = await answer.text();
      if (this.episode !== episode) return;
      this.problem = answer.ok ? "" : text.trim();
      if (answer.ok) this.labels = (JSON.parse(text) as EpisodeLabels).labels;
    }).catch((error: Error) => {
      this.problem = error.message;
    });
    return this.order;
  }
}
