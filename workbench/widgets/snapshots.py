"""What is left of a widget where no kernel runs: in a saved notebook, in nbconvert's pages and on GitHub.

``WORKBENCH_SNAPSHOT`` says what a saved notebook may contain: nothing but a line (``off``), names and figures
(``figures``), or also what was said in conversations and what people wrote (``sentences``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from workbench.widgets.static_html import Html, tag

SETTING = "WORKBENCH_SNAPSHOT"
RUN = "run this cell to open it"

log = logging.getLogger(__name__)


class Saved(StrEnum):
    """What a saved notebook may contain of a widget."""

    OFF = "off"
    FIGURES = "figures"
    SENTENCES = "sentences"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``summary`` is a few plain words, ``parts`` the figures and tables, and ``quotes`` what quotes people."""

    summary: str = ""
    parts: Sequence[Html] = ()
    quotes: Sequence[Html] = ()


def saved() -> Saved:
    """Return what notebooks may contain; any other word allows the least."""
    wanted = os.environ.get(SETTING, "").strip().lower()
    if not wanted:
        return Saved.FIGURES
    return Saved(wanted) if wanted in list(Saved) else Saved.OFF


def bundle(kind: str, take: Callable[[], Snapshot]) -> dict[str, Any]:
    """Return the snapshot of a widget of this ``kind`` by MIME type. A failure to take it only makes it shorter."""
    allowed = saved()
    if allowed is Saved.OFF:
        return {"text/plain": f"{kind} · {RUN}"}
    try:
        taken = take()
    except Exception:  # the widget itself says what is wrong
        log.warning("No snapshot of %s could be taken", kind, exc_info=True)
        taken = Snapshot()
    said = " · ".join(one for one in (kind, taken.summary) if one)
    parts = [*taken.parts, *(taken.quotes if allowed is Saved.SENTENCES else ())]
    return {"text/plain": f"{said} · {RUN}", "text/html": _page(said, parts)}


def _page(said: str, parts: Sequence[Html]) -> Html:
    head = tag("p", tag("strong", said, dir="auto"))
    taken = f"As of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Run this cell to open it."
    style = "font:14px/1.4 system-ui,sans-serif;color:inherit;max-width:960px;overflow-wrap:break-word"
    return tag("section", head, *parts, tag("p", taken, style="opacity:.8"), style=style)
