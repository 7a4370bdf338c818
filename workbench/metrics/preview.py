"""What a metric says of some calls, to be looked at before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.corpus.views import Heading, SentenceInContext
from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.metrics import Metric, Outcome
from workbench.metrics.reading import passing
from workbench.metrics.values import outcomes

if TYPE_CHECKING:
    from workbench.workspace import Workspace

MOST = 200
MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A call with its outcome, and the first sentences of the evidence."""

    heading: Heading
    outcome: Outcome
    quotes: tuple[SentenceInContext, ...]


def preview(
    workspace: Workspace, metric: Metric, count: int, filters: Filters | None = None, seed: int = 0
) -> list[Shown]:
    """At most ``count`` calls drawn by ``seed``, in the corpus's order."""
    if not 0 < count <= MOST:
        raise WorkbenchError(f"count: give 1 to {MOST} calls")
    lake = workspace.lake
    numbers = passing(lake, filters if filters is not None else Filters(scope="any"))
    drawn = sorted(np.random.default_rng(seed).permutation(numbers)[:count].tolist())
    if not drawn:
        return []
    found = outcomes(workspace, metric, range(drawn[0], drawn[-1] + 1))
    headings = lake.headings(drawn)
    quoted = {number: found[number].evidence[:MOST_EVIDENCE] for number in drawn}
    sentences = lake.sentences([name for names in quoted.values() for name in names], 0)
    return [
        Shown(
            heading=headings[number],
            outcome=found[number],
            quotes=tuple(sentences[name] for name in quoted[number] if name in sentences),
        )
        for number in drawn
        if number in headings
    ]
