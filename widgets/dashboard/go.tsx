import type { ComponentChildren } from "preact";
import { hrefOf } from "../shared/address";
import type { LinkView } from "../shared/protocol";
import type { Acts } from "./types";

interface Props {
  link: LinkView;
  acts: Acts;
  title?: string | undefined;
  children?: ComponentChildren;
}

/** To a dashboard: by its address in Voilà; in a notebook only within this one, the others are not there. */
export function Go({ link, acts, title, children }: Props) {
  const words = children ?? <span dir="auto">{link.label}</span>;
  const here = link.page === acts.page;
  const follow = (event: MouseEvent) => {
    if (!here || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    acts.go(link.query);
  };
  if (acts.linked)
    return (
      <a class="wb-go" href={hrefOf(link)} title={title} onClick={follow}>
        {words}
      </a>
    );
  if (here)
    return (
      <button type="button" class="wb-link" title={title} onClick={follow}>
        {words}
      </button>
    );
  return <>{words}</>;
}
