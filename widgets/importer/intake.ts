import type { ImportTakenView } from "../shared/protocol";
import { LIMITS } from "../shared/protocol";
import type { Picked, Refused, Sending } from "./types";

const OFFERED = 200; // files that are offered to the kernel at once
const READ_AT_ONCE = 32_768; // characters for one call of a function with many arguments

type Ask = <Result>(kind: string, values: Record<string, unknown>, options?: { signal: AbortSignal }) => Promise<Result>;

/** What was dropped, the files of folders among it with their paths. The list is read at once: the event's own ends with it. */
export function dropped(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.length === 0 || entries.every((one) => one === null)) return Promise.resolve(picked(transfer.files));
  return Promise.all(entries.map((one) => (one ? within(one, "") : []))).then((found) => found.flat().sort((one, other) => one.path.localeCompare(other.path, "en", { numeric: true })));
}

/** Chosen files; those of a folder tell their path in it. */
export function picked(files: Iterable<File>): Picked[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function within(entry: FileSystemEntry, above: string): Promise<Picked[]> {
  const path = above ? `${above}/${entry.name}` : entry.name;
  if (entry.isFile) return [{ path, file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Picked[] = [];
  for (;;) {
    // A browser gives the entries of a folder a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) {
      if (found.length > LIMITS.importedFiles) return found; // the kernel would take no more
      found.push(...(await within(one, path)));
    }
  }
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += READ_AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + READ_AT_ONCE));
  return btoa(text);
}

/** Sends files to the kernel, in pieces and one after the other; gives those that it does not take. */
export async function sendAll(all: readonly Picked[], ask: Ask, signal: AbortSignal, told: (sending: Sending) => void): Promise<Refused[]> {
  if (all.length > LIMITS.importedFiles) throw new Error(`More than ${LIMITS.importedFiles.toLocaleString("en")} files at once. Run ws.ingest("folder") in a cell, which has no such limit.`);
  const refused: Refused[] = [];
  const total = all.reduce((sum, one) => sum + one.file.size, 0);
  const unsent = new Set<number>();
  let sent = 0;
  try {
    for (let from = 0; from < all.length; from += OFFERED) {
      const some = all.slice(from, from + OFFERED);
      const taken = await ask<ImportTakenView[]>("offer", { files: some.map(({ path, file }) => ({ path, size: file.size })) }, { signal });
      for (const { id } of taken) if (id !== null) unsent.add(id);
      for (const [place, { path, file }] of some.entries()) {
        const { id, reason } = taken[place] ?? { id: null, reason: "" };
        if (id !== null) {
          await sendOne(id, file, ask, signal, (bytes) => told({ sent: sent + bytes, total, name: path }));
          unsent.delete(id);
        } else if (reason) refused.push({ path, reason });
        sent += file.size;
        told({ sent, total, name: path });
      }
    }
  } finally {
    // What did not come as a whole is taken out again.
    for (const id of unsent) ask("remove", { file: id }).catch(() => {});
  }
  return refused;
}

async function sendOne(id: number, file: Blob, ask: Ask, signal: AbortSignal, told: (bytes: number) => void): Promise<void> {
  for (let at = 0; at < file.size; at += LIMITS.chunk) {
    signal.throwIfAborted();
    const data = base64(new Uint8Array(await file.slice(at, at + LIMITS.chunk).arrayBuffer()));
    await ask<number>("put", { file: id, at, data }, { signal });
    told(Math.min(file.size, at + LIMITS.chunk));
  }
}
