/**
 * What a key means in `keys`; null where it is not ours, or where the person is typing, choosing from a list, or holds a
 * modifier.
 */
export function meaningOf<K>(event: KeyboardEvent, keys: Record<string, K>): K | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if ((event.target as HTMLElement | null)?.closest?.("input, textarea, select")) return null;
  return keys[event.key.toLowerCase()] ?? null;
}
