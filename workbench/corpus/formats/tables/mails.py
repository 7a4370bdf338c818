"""Tables of e-mails, as Salesforce exports EmailMessage: one row per message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.cell_values import cell_moment, cell_text, day_first
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.html_text import text_of_html
from workbench.corpus.formats.mail.heads import people
from workbench.corpus.formats.mail.messages import mail_draft
from workbench.corpus.formats.tables.choosing import Table
from workbench.domain.conversations import Direction, Side

MAIL_COLUMNS = frozenset(("textbody", "fromaddress"))
"""Folded names of the columns that every table of e-mails has."""


def mails_in(table: Table) -> Iterator[Draft | FormatProblem]:
    """Yield a conversation for each row; rows of one thread have the same ``thread``."""
    places = {folded_name(name): place for place, name in enumerate(table.header)}
    order = day_first([_cell(row.cells, places, "messagedate") for row in table.rows])
    for row in table.rows:
        told = {name: cell_text(_cell(row.cells, places, name)) for name in places}
        text = told.get("textbody") or text_of_html(told.get("htmlbody", ""))
        sender = people(
            [told.get("fromname", "") + f" <{told['fromaddress']}>" if told.get("fromname") else told["fromaddress"]]
        )
        found = mail_draft(
            text,
            sender[0] if sender else None,
            people([told.get("toaddress", "")]),
            people([told.get("ccaddress", "")]),
        )
        if isinstance(found, FormatProblem):
            yield FormatProblem(row.line, found.reason)
            continue
        found.id = told.get("id") or told.get("messageidentifier") or None
        found.title = told.get("subject") or None
        found.thread = told.get("threadidentifier") or told.get("parentid") or told.get("activityid") or None
        found.line = row.line
        sent = cell_moment(_cell(row.cells, places, "messagedate"), order)
        if sent is not None:
            found.begin(sent)
        _add_direction(found, told.get("incoming", ""))
        yield found


def folded_name(name: Any) -> str:
    """Return a column's name without case and punctuation."""
    return "".join(one for one in str(name).lower() if one.isalnum())


def _add_direction(draft: Draft, incoming: str) -> None:
    if incoming.lower() not in ("true", "false", "1", "0"):
        return
    came = incoming.lower() in ("true", "1")
    draft.direction = Direction.INBOUND if came else Direction.OUTBOUND
    if speaker := draft.turns[0].speaker:
        draft.sides[speaker] = Side.CUSTOMER if came else Side.COMPANY


def _cell(cells: Any, places: dict[str, int], name: str) -> Any:
    place = places.get(name)
    return cells[place] if place is not None and place < len(cells) else None
