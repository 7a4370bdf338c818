"""Found sentences as a table, with what was said, by whom and when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.corpus.lake import Lake

_SAID = ("conversation_id", "title", "started", "kind", "speaker", "side", "start_s", "text")


def detections_table(lake: Lake, found: pd.DataFrame) -> pd.DataFrame:
    """Return found sentences, one per row; those that are no longer in the corpus are left out.

    Args:
        lake: the corpus.
        found: by sentence id, the ``score`` and the ``version`` that found it, as :attr:`Finds.table` has them.
    """
    said = lake.sentences(list(found.index), 0)
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in said.values()] for name in _SAID}
    frame = pd.DataFrame({"sentence_id": list(said), **columns})
    scored = found.loc[list(said)].reset_index(drop=True)
    return frame.assign(score=scored["score"], version=scored["version"])
