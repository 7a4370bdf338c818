/** Moves the focus to what `selector` finds in the widget that holds `from`, once what was just done is drawn. */
export function focusSoon(from: EventTarget | null, selector: string): void {
  const root = (from as Element | null)?.closest(".wb");
  setTimeout(() => root?.querySelector<HTMLElement>(selector)?.focus());
}

/** What follows the widget in the page: the one to go on with. */
export function following(from: Element, selector: string): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  return all.find((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) ?? all[0] ?? null;
}
