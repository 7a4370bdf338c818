/** Hosts that someone has agreed to ask for recordings, for as long as this page stands. */
const agreed = new Set<string>();

/** Whether a person must be asked before the browser asks this host; not where it is the page's own server. */
export function mustAsk(host: string | null): host is string {
  return host !== null && !agreed.has(host);
}

export function agree(host: string): void {
  agreed.add(host);
}

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

  /** Another recording, or none; only what the page's own server or an encrypted address gives is ever taken. */
  load(address: string | null): void {
    this.audio.pause();
    if (address && isPlayable(address)) this.audio.src = address;
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

export function isPlayable(address: string): boolean {
  try {
    const { protocol, origin } = new URL(address, window.location.href);
    return protocol === "https:" || (protocol === "http:" && origin === window.location.origin);
  } catch {
    return false;
  }
}
