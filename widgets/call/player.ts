/** The recording. It loads nothing and plays nothing before a person asks for it. */
export class Player {
  private readonly audio = document.createElement("audio");

  constructor(
    signal: AbortSignal,
    heard: (seconds: number, playing: boolean) => void,
    failed: (message: string) => void,
  ) {
    this.audio.preload = "none";
    const tell = (): void => heard(this.audio.currentTime, !this.audio.paused);
    for (const event of ["timeupdate", "play", "pause", "ended"]) this.audio.addEventListener(event, tell, { signal });
    const broken = (): void => {
      if (this.audio.hasAttribute("src")) failed("The recording could not be loaded. Is the file still there?");
    };
    this.audio.addEventListener("error", broken, { signal });
    signal.addEventListener("abort", () => this.load(null), { once: true });
  }

  /** Another recording, or none; only what the web serves is ever taken. */
  load(address: string | null): void {
    this.audio.pause();
    if (address && isWeb(address)) this.audio.src = address;
    else {
      this.audio.removeAttribute("src");
      this.audio.load();
    }
  }

  playFrom(seconds: number): void {
    this.audio.currentTime = seconds;
    // A refusal is told by the error event, or is the person's own pause.
    void this.audio.play().catch(() => undefined);
  }

  pause(): void {
    this.audio.pause();
  }
}

export function isWeb(address: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(address, window.location.href).protocol);
  } catch {
    return false;
  }
}
