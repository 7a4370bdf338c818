import { useState } from "preact/hooks";
import { following } from "./focus";
import { Empty } from "./parts";

/** What a widget of training shows of a tracker that is not trained. */
export function Untrained({ message }: { message: string }) {
  const [said, setSaid] = useState("");
  const look = (event: { currentTarget: EventTarget | null }) => {
    const review = following(event.currentTarget as Element, ".wb-review");
    if (!review) return setSaid("Run a cell with Review(ws, tracker), giving the tracker's name, to see it.");
    review.scrollIntoView({ block: "start" });
    review.focus({ preventScroll: true });
  };
  return (
    <Empty title="Nothing to train">
      <p class="wb-muted" dir="auto">
        {message}
      </p>
      <p>
        <button type="button" class="wb-button wb-small" onClick={look}>
          See what it finds
        </button>
      </p>
      <p class="wb-small wb-muted" role="status">
        {said}
      </p>
    </Empty>
  );
}
