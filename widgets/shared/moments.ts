/** A moment as the clock of its own offset shows it: the company's time, wherever the reader sits. NaN if it is none. */
function shown(iso: string): Date {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?/.exec(iso);
  return new Date(parts ? `${parts[1]}T${parts[2] ?? "00:00"}:00Z` : Number.NaN);
}

/** "2026-03-05T…" as "5 Mar 2026". */
export function day(iso: string): string {
  return shown(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** "…T13:05:00+01:00" as "13:05". */
export function time(iso: string): string {
  return shown(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
}
