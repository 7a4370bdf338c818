import type { Answer } from "../shared/protocol";
import { LABEL } from "../shared/words";

/** Part of the card's width from which a swipe answers, and the pixels that it takes at least. */
const SHARE = 0.3;
const LEAST_PX = 70;

/** What moving by `dx` pixels across a card of this width answers: right is yes, left is no; null for too little. */
export function swiped(dx: number, width: number): Answer | null {
  return Math.abs(dx) < Math.max(LEAST_PX, SHARE * width) ? null : dx > 0 ? "yes" : "no";
}

/** Lets a finger answer by pushing the card aside; up and down still scroll the page (touch-action in the style). */
export function watchSwipes(root: HTMLElement, signal: AbortSignal, answered: (answer: Answer) => void): void {
  let card: HTMLElement | null = null;
  let pointer = -1;
  let from = 0;
  const show = (dx: number): void => {
    const answer = card && swiped(dx, card.offsetWidth);
    card?.style.setProperty("translate", `${dx}px`);
    if (card && answer) card.dataset["swiped"] = LABEL[answer];
    else delete card?.dataset["swiped"];
  };
  const end = (): void => {
    card?.style.removeProperty("translate");
    delete card?.dataset["swiped"];
    card = null;
  };
  const on = (type: "pointerdown" | "pointermove" | "pointerup" | "pointercancel", act: (event: PointerEvent) => void): void =>
    root.addEventListener(type, (event) => (type === "pointerdown" || event.pointerId === pointer) && act(event), { signal });

  on("pointerdown", (event) => {
    end(); // a second finger is no swipe
    const target = event.target as HTMLElement;
    if (event.pointerType !== "touch" || target.closest("button, a")) return;
    [card, pointer, from] = [target.closest<HTMLElement>(".wb-card"), event.pointerId, event.clientX];
  });
  on("pointermove", (event) => show(event.clientX - from));
  on("pointercancel", end);
  on("pointerup", (event) => {
    const answer = card && swiped(event.clientX - from, card.offsetWidth);
    end();
    if (answer) answered(answer);
  });
}
