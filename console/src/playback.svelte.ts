// The time line that all parts of a player share.
export class Playback {
  row = $state(0);
  playing = $state(false);
  speed = $state(1);
  rows = $state(0); // of the longest episode shown
  fps = $state(10);

  private frame = 0;
  private beganMs = 0;
  private beganRow = 0;

  seek(row: number): void {
    this.row = Math.max(0, Math.min(this.rows - 1, Math.round(row)));
    this.beganMs = performance.now();
    this.beganRow = this.row;
  }

  toggle(): void {
    if (this.playing) return this.pause();
    if (this.row >= this.rows - 1) this.seek(0);
    this.playing = true;
    this.seek(this.row);
    this.frame = requestAnimationFrame(() => this.tick());
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.frame);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.seek(this.row);
  }

  private tick(): void {
    const passedS = (performance.now() - this.beganMs) / 1000;
    const row = this.beganRow + Math.floor(passedS * this.fps * this.speed);
    this.row = Math.min(row, this.rows - 1);
    if (this.row >= this.rows - 1) return this.pause();
    this.frame = requestAnimationFrame(() => this.tick());
  }
}
