"""Ground truth for the sentences of a turn."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.domain.conversations import Turn


def labels_along(turn: Turn, places: Iterable[tuple[int, int]]) -> Iterator[list[str]]:
    """Yield the labels that apply at each of the places, which are ``(start, end)`` in characters, in order.

    A label with spans applies where one of them overlaps, any other in the whole turn. Each span is read twice.
    """
    narrowed = {span.label for span in turn.spans}
    everywhere = {label for label in turn.labels if label not in narrowed}
    waiting = sorted(((span.start, span.end, span.label) for span in turn.spans), reverse=True)
    open_: list[tuple[int, str]] = []
    here: Counter[str] = Counter()
    for start, end in places:
        while waiting and waiting[-1][0] < end:
            _, until, label = waiting.pop()
            heapq.heappush(open_, (until, label))
            here[label] += 1
        while open_ and open_[0][0] <= start:
            _, label = heapq.heappop(open_)
            here[label] -= 1
            if not here[label]:
                del here[label]
        yield sorted(everywhere | here.keys())
