// Synced: `place` (what is to be shown) and `error`. All else is this view's own: text loaded, sentence in view, search, sound.
import type { PlaceView } from "../shared/protocol";
import { trait, widget } from "../shared/widget";
import { type Action, initial, reduce, type State, type Synced } from "./reducer";
import { lineOf, startCall } from "./session";

export default widget<Synced, State, Action>({
  name: "call",
  role: "region",
  label: "Call",
  traits: {
    place: trait<PlaceView>("place"),
    error: trait<string>("error", ""),
  },
  initial: ({ place, error }) => initial(place, error),
  reduce,
  synced: (synced) => ({ type: "synced", ...synced }),
  line: lineOf,
  start: (view) => startCall(view),
});
