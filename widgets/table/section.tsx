import type { ComponentChildren } from "preact";
import type { Section as What } from "./exchange";
import type { Acts } from "./types";

interface Props {
  what: What;
  title: string;
  acts: Acts;
  children: ComponentChildren;
}

/** What is open above the rows, with what closes it. */
export function Section({ what, title, acts, children }: Props) {
  return (
    <section class="wb-stack wb-panel wb-sub" data-section={what} aria-label={title}>
      <header class="wb-section-head">
        <h3 tabIndex={-1} data-first="">
          {title}
        </h3>
        <button type="button" class="wb-link wb-small" aria-label={`Close: ${title}`} onClick={() => acts.dispatch({ type: "section", what })}>
          Close
        </button>
      </header>
      {children}
    </section>
  );
}
