"""A playbook: which of its items each deal covers, and the sentences that cover them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.dashboards import hits, known, parts
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.dashboards.pages.deal import as_text, deals_shown, options
from workbench.domain.used_trackers import notes_of
from workbench.results.playbooks import FILLED, Playbook
from workbench.widgets import views
from workbench.widgets.protocol import BlockView, DashboardView
from workbench.workspace.workspace import Workspace

NO_PLAYBOOK = (
    "There are no playbooks yet. Ask the person who manages the trackers to create one in a notebook, with trackers "
    "that look at what the customer says."
)
RULE = "An item is filled if one of its trackers found something; trackers of playbooks look at the customer's side."
_MARKS = {FILLED: "✓", "open": "○ open", "not looked for": "– not looked for"}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "playbook", query, ("playbook", "deal"))
    books = {book.id: book for book in workspace.playbooks.list()}
    names = {one: book.name for one, book in books.items()}
    wanted = page.one_of("playbook", names, next(iter(names), ""))
    if not wanted:
        return page.view(NO_PLAYBOOK, [])
    if "playbook" in page.lost:
        return page.view("", [], [parts.choice("playbook", "Playbook", {"": "Choose…"} | names, "")])
    book, finding = books[wanted], known.published(known.known(workspace))
    overview = book.overview()
    table = deals_shown(page, overview)
    deals = options(table)
    deal = page.one_of("deal", deals)
    blocks = _of_deal(page, book, deal, _used(book)) if deal else [_tiles(book, table), _deals(page, book, table)]
    blocks += _advice(book, overview)
    controls = [
        parts.choice("playbook", "Playbook", names, wanted),
        parts.choice("deal", "Deal", {"": "All"} | deals, deal),
        *page.controls("account", "stage"),
    ]
    return page.view(RULE, blocks, controls, known.progress(finding), book.name)


def _used(book: Playbook) -> dict[str, str]:
    """Return the trackers whose matches fill it, by id, with their names; includes deleted ones with matches."""
    never = ("never published", "deleted forever")
    return {one.id: one.label for one in book.trackers.values() if one.status not in never}


def _columns(book: Playbook, table: pd.DataFrame) -> dict[str, str]:
    """Return the column of each item in the overview, which renames an item that clashes with another column."""
    return {
        item.name: f"{item.name} (item)" if f"{item.name} (item)" in table.columns else item.name for item in book.items
    }


def _tiles(book: Playbook, table: pd.DataFrame) -> BlockView:
    columns, count = _columns(book, table), len(table)
    found = [parts.tile("Deals", count)]
    for item in book.items:
        filled = int((table[columns[item.name]] == FILLED).sum())
        share = f"{parts.percent(filled / count)} of the deals" if count else ""
        found.append(parts.tile(f"{item.name} filled", f"{filled:,} of {count:,}", share))
    whole = int((table["filled"] == len(book.items)).sum())
    found.append(parts.tile("Completely filled", f"{whole:,} of {count:,}"))
    return parts.tiles("figures", found)


def _deals(page: DashboardQuery, book: Playbook, table: pd.DataFrame) -> BlockView:
    names = _columns(book, table)
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "deal": ("Deal", "text"),
        "account": ("Account", "text"),
        "stage": ("Stage", "text"),
        "outcome": ("Outcome", "text"),
        "last": ("Last call", "date"),
        "filled": (f"Filled, of {len(book.items)}", "number"),
    }
    columns |= {f"item-{at}": (item.name, "text") for at, item in enumerate(book.items)}
    shown = table.iloc[page.offset : page.offset + (page.limit or parts.MOST_ROWS)]
    rows = [
        {
            **{
                name: None if pd.isna(row[name]) else str(row[name]) for name in ("deal", "account", "stage", "outcome")
            },
            "last": None if pd.isna(row["last"]) else row["last"].isoformat(),
            "filled": int(row["filled"]),
            **{f"item-{at}": _MARKS[row[names[item.name]]] for at, item in enumerate(book.items)},
        }
        for row in shown.to_dict("records")
    ]
    links = [page.link("What was said", "playbook", playbook=book.id, deal=str(row["deal"])) for row in rows]
    view = parts.table_view(columns, rows, links, total=len(table))
    return parts.table("deals", "Deals", view, empty="No call belongs to a deal.")


def _of_deal(page: DashboardQuery, book: Playbook, deal: str, names: dict[str, str]) -> list[BlockView]:
    filled = book.fill(deal)
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "item": ("Item", "text"),
        "state": ("State", "text"),
        "finds": ("Sentences", "number"),
        "text": ("Most likely", "text"),
        "speaker": ("Said by", "text"),
        "started": ("On", "date"),
        "description": ("What it asks", "text"),
    }
    rows = [
        {
            **{name: as_text(row[name]) for name in ("item", "speaker", "description")},
            "state": _MARKS[row["state"]],
            "finds": int(row["finds"]),
            "text": views.clip(as_text(row["text"]) or "", views.LONGEST_CONTEXT),
            "started": None if pd.isna(row["started"]) else row["started"].isoformat(),
        }
        for row in filled.to_dict("records")
    ]
    done = int((filled["state"] == FILLED).sum())
    facts = parts.tiles(
        "figures",
        [parts.tile("Filled", f"{done} of {len(filled)}", link=page.link("The deal's calls", "deal", deal=deal))],
    )
    table = parts.table("items", f"Deal {deal}", parts.table_view(columns, rows))
    return [facts, table, *_evidence(page, book, deal, names)]


def _evidence(page: DashboardQuery, book: Playbook, deal: str, names: dict[str, str]) -> list[BlockView]:
    """Return the sentences behind each item, newest first."""
    ids = {one.name: one.id for one in book.trackers.values() if one.id in names}
    out = []
    for at, item in enumerate(book.items):
        known_ones = [one for one in item.trackers if one in names]
        found = page.workspace.deal(deal, known_ones).found
        newest = found.drop_duplicates("sentence_id")["sentence_id"].tolist()[::-1]
        cards = hits.hits(page, newest[page.offset : page.offset + hits.page_of(page)], ids)
        note = _either(names, known_ones)
        out.append(parts.hits(f"item-{at}", item.name, cards, len(newest), note, "Nothing has been found for it yet."))
    return out


def _either(names: dict[str, str], trackers: Sequence[str]) -> str:
    return (
        f"Found by {' or '.join(names[one] for one in trackers)}; newest first."
        if trackers
        else "None of its trackers is in use."
    )


def _advice(book: Playbook, overview: pd.DataFrame) -> list[BlockView]:
    told = notes_of(book.trackers.values())
    drafts = notes_of(one for one in book.trackers.values() if one.status == "never published")
    others = [one for one in overview.attrs.get("notes", ()) if one not in told]
    words = parts.notes([*book.advice, *drafts], others)
    return [parts.text("advice", "How to fill it better", words)] if words else []
