"""A call's transcript, from a given sentence on, with the trackers' matches."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.corpus.views import Line, Outline
from workbench.dashboards import parts
from workbench.dashboards.asked import DashboardQuery
from workbench.domain.errors import ConversationNotFound
from workbench.domain.plurals import plural
from workbench.results.standing import Mark
from workbench.widgets import views
from workbench.widgets.protocol import BlockView
from workbench.workspace.queries import found_by

BEFORE = 5  # sentences shown before the requested one
_COLUMNS: dict[str, tuple[str, parts.CellKind]] = {
    "time": ("Time", "text"),
    "speaker": ("Speaker", "text"),
    "text": ("What was said", "text"),
    "trackers": ("Found by", "text"),
}


def call_blocks(page: DashboardQuery, call: str, sentence: str) -> tuple[str, list[BlockView]]:
    """Return its title, facts and lines; no blocks if there is no such call."""
    try:
        outline = page.workspace.lake.outline(call)
    except ConversationNotFound:
        return "", []
    place = outline.place(sentence)
    start = max(0, (place or 0) - BEFORE)
    return views.clip_name(outline.title) or call, [_facts(page, outline, start), _lines(page, outline, start, place)]


def _facts(page: DashboardQuery, outline: Outline, start: int) -> BlockView:
    about = page.workspace.lake.about()
    row = about[about["conversation_id"] == outline.id].iloc[0]
    deal = row["deal"] if isinstance(row["deal"], str) else ""
    began = views.day(outline.started) or "unknown"
    people = ", ".join(party.name or party.id for party in outline.parties)
    again = page.link("From its beginning", "search", call=outline.id, sentence="") if start else None
    found = [
        parts.tile("Began", began, plural(round(outline.duration_s / 60), "minute") if outline.duration_s else ""),
        parts.tile("Account", outline.account or "unknown", str(row["stage"] or "") if deal else ""),
        parts.tile("Sentences", outline.sentences, f"shown from number {start + 1:,} on" if start else "", link=again),
        parts.tile("People", str(len(outline.parties)), views.clip(people, views.LONGEST_NAME)),
    ]
    if deal:
        found.append(parts.tile("Deal", deal, link=page.link("All its calls", "deal", deal=deal)))
    return parts.tiles("facts", found)


def _lines(page: DashboardQuery, outline: Outline, start: int, place: int | None) -> BlockView:
    count = min(page.limit or parts.MOST_ROWS, outline.sentences)
    lines = page.workspace.lake.lines(outline, start + page.offset, count)
    found = found_by(page.workspace.resources)([line.sentence_id for line in lines])
    rows = [_row(line, place, found.get(line.sentence_id, {})) for line in lines]
    table = parts.table_view(_COLUMNS, rows, total=outline.sentences - start)
    return parts.table("lines", "The call", table, empty="Nothing was said.")


def _row(line: Line, place: int | None, found: Mapping[str, Mark]) -> dict[str, str | None]:
    return {
        "time": f"{'▶ ' if line.at == place else ''}{views.clock(line.start_s) or ''}".strip(),
        "speaker": views.clip_name(line.speaker),
        "text": views.clip(line.text, views.LONGEST_TEXT),
        "trackers": ", ".join(f"{name} (version {mark.version})" for name, mark in sorted(found.items())),
    }
