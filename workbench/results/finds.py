"""What one tracker has found, as every query over results takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import pyarrow as pa

from workbench.corpus.lake import Lake
from workbench.domain.estimates import CorpusEstimate
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach


@dataclass(frozen=True, eq=False, kw_only=True)
class FindsPart:
    """What one version found, and in what it looked for it.

    ``ids`` are the sentences, each once, ``scores`` their probabilities. It looked at what passes ``filters`` in the
    conversations within ``reach``, where no other part did. ``estimate`` is of its own error, and the same for all
    versions with the same ``reading``; ``version`` is None if it is what a draft would find.
    """

    filters: Filters
    reach: Reach
    ids: pa.Array
    scores: pa.Array
    estimate: CorpusEstimate | None = None
    version: int | None = None
    reading: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Finds:
    """A tracker's finds, in a part for each version that found some of them; never without a part.

    ``notes`` say what to bear in mind: that the tracker is deleted, or a draft.
    """

    tracker_id: str
    name: str
    parts: tuple[FindsPart, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def ids(self) -> pa.Array:
        """The sentences of all parts, each once."""
        return pa.concat_arrays([one.ids for one in self.parts])

    @cached_property
    def table(self) -> pd.DataFrame:
        """By sentence id: its ``score``, and the ``version`` that found it, missing if it is a draft's."""
        scores = pa.concat_arrays([one.scores for one in self.parts]).to_numpy(zero_copy_only=False)
        versions = pd.array([one.version for one in self.parts for _ in range(len(one.ids))], dtype="Int64")
        index = pd.Index(self.ids.to_pylist(), dtype=object)
        return pd.DataFrame({"score": scores, "version": versions}, index=index)

    @property
    def versions(self) -> tuple[int | None, ...]:
        """The versions of its parts, the newest first; None for a draft."""
        return tuple(sorted((one.version for one in self.parts), key=lambda one: -(one or 0)))


Find = Callable[[str], Finds]
"""What gives the finds of a tracker by id or name; raises ``TrackerNotFound`` or ``NotEnoughTags``."""


def counted(
    lake: Lake, finds: Finds, filters: Sequence[Filters] = (), numbers: Sequence[int] | None = None
) -> pd.DataFrame:
    """Return who said how much where the tracker looked, and how much of it was found.

    A row is a speaker of a conversation.

    As :meth:`~workbench.corpus.lake.Lake.counted`, and the place of the ``part`` to which the conversation belongs.
    """
    tables: list[pd.DataFrame] = []
    for place, one in enumerate(finds.parts):
        table = lake.counted([one.filters, *filters], one.reach, one.ids, numbers).to_pandas()
        tables.append(table.assign(part=place))
    kept = [table for table in tables if len(table)] or tables[:1]
    if len(kept) == 1:
        return kept[0]
    return pd.concat(kept).sort_values(["number", "speaker", "side"], kind="stable", ignore_index=True)
