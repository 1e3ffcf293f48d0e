// The keyboard of a scripted helper, with a person's limits. Every key event of the helper passes here, and here alone
// are the limits kept and asserted: an event comes 250 ms or more after the sight that it answers, and no more than
// 8 events fall into any second.
const reactionMs = 250;
const mostEvents = 8;
const windowMs = 1000;

export const nowMs = () => Number(process.hrtime.bigint()) / 1e6; // the machine's monotonic clock

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

export class LimitedKeys {
  events = 0;
  shortestReactionMs = Infinity;
  mostInASecond = 0;
  #page;
  #times = []; // of the last events
  #turn = Promise.resolve(); // events come one after another

  constructor(page) {
    this.#page = page;
  }

  static reactionMs = reactionMs;

  // The moment from which another event is allowed, for a sight of this moment.
  allowedAt(seenMs) {
    const full = this.#times.length >= mostEvents ? this.#times.at(-mostEvents) + windowMs + 1 : 0;
    return Math.max(seenMs + reactionMs, full);
  }

  // The earliest moment from `from` on at which so many events may begin at once.
  roomAt(from, events) {
    const before = this.#times.at(-(mostEvents - events) - 1);
    return before === undefined ? from : Math.max(from, before + windowMs + 5);
  }

  // Presses ("down") or releases ("up") a key for what was seen at `seenMs`; waits until that is allowed. Returns the
  // moment of the event.
  act(kind, key, seenMs) {
    const acted = this.#turn.then(async () => {
      await sleep(this.allowedAt(seenMs) - nowMs());
      while (nowMs() < this.allowedAt(seenMs)) await sleep(1);
      const now = nowMs();
      this.#count(now, seenMs);
      await this.#page.keyboard[kind](key);
      return now;
    });
    this.#turn = acted.catch(() => {});
    return acted;
  }

  async press(key, seenMs) {
    await this.act("down", key, seenMs);
    return this.act("up", key, seenMs);
  }

  #count(now, seenMs) {
    this.#times = [...this.#times.filter((time) => time > now - windowMs), now];
    this.mostInASecond = Math.max(this.mostInASecond, this.#times.length);
    this.shortestReactionMs = Math.min(this.shortestReactionMs, now - seenMs);
    ++this.events;
    if (now - seenMs < reactionMs) throw new Error(`a reaction after ${now - seenMs} ms`);
    if (this.#times.length > mostEvents) throw new Error(`${this.#times.length} key events in a second`);
  }
}
