// The page's clock for ages that are shown: performance.now(), five times a second.
class Now {
  ms = $state(performance.now());

  constructor() {
    setInterval(() => (this.ms = performance.now()), 200);
  }
}

export const now = new Now();
