"""Made-up dashboards for the gallery: every kind of block, in every state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.browser.gallery.corpus import ARABIC, LONG, LONG_WORD, MARKUP, TALK, GalleryWorkspace
from workbench.widgets.dashboard import Dashboard
from workbench.widgets.protocol import (
    BlockView,
    ColumnView,
    ControlView,
    DashboardView,
    FigureView,
    HitView,
    LinkView,
    MarksView,
    MoreResult,
    TableView,
    TileView,
    WrongResult,
)

PAGES = ("overview", "tracker", "search", "team", "initiative", "deal", "playbook")
KINDS = ("tiles", "figure", "table", "hits", "text", "months")
TEAMS = ("North", "South", "West", "Partners")
LONG_NAME = "Customer asks what happens to their data when the contract ends and we part ways"
MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
PROBLEM = "The address names no month: 'from=13'. Choose a date, or open the page without it."


class GalleryDashboard(Dashboard):
    """Shows what it is given, whatever its page asks."""

    def __init__(self, view: DashboardView | None = None, **traits: Any) -> None:
        super().__init__(GalleryWorkspace(), lambda _, __: view or page([]), "tracker")
        self.view = dict(view or {})
        for name, value in traits.items():
            setattr(self, name, value)

    def _stamp_now(self) -> str:
        return ""

    def on_open(self, query: dict[str, str]) -> None:
        pass

    def on_poll(self) -> None:
        pass

    def on_wrong(self, tracker_id: str, sentence_id: str, note: str = "") -> WrongResult:
        return {"by": "Ann"}

    def on_more(self, block_id: str, offset: int) -> MoreResult:
        return {"hits": [hit(n) for n in range(50, 60)], "table": None, "total": 60}

    def on_csv(self, block_id: str) -> str:
        return "Team,Rate\n"

    def on_detections(self, conversation_id: str) -> MarksView:
        marks = [{"at": at, "tracker": LONG_NAME, "score": 0.9, "version": 1} for at in (1, 3)]
        return {"trackers": [LONG_NAME], "marks": marks}  # type: ignore[typeddict-item]


def states() -> dict[str, Dashboard]:
    every = [tiles(), trend(), by_team(), heat(), teams(), found(3), told()]
    return {
        "loading": GalleryDashboard(phase="opening"),
        "failed": GalleryDashboard(phase="failed", error="There is no workspace in this folder."),
        "every kind": GalleryDashboard(page(every, controls=controls())),
        "progress": GalleryDashboard(
            page([tiles(), trend()], progress={"label": "Reading past calls", "done": 120, "total": 900})
        ),
        "empty": GalleryDashboard(page([empty(kind) for kind in KINDS])),
        "months": GalleryDashboard(page([months()], controls=controls())),
        "nothing found": GalleryDashboard(page([nothing_found()], controls=controls())),
        "error": GalleryDashboard(page([tiles()], controls=controls()), error=PROBLEM),
        "long text": GalleryDashboard(hostile()),
        "right to left": GalleryDashboard(arabic()),
        "fifty rows": GalleryDashboard(page([teams(50), found(12, total=60)])),
    }


def page(blocks: Sequence[BlockView], **parts: Any) -> DashboardView:
    known: dict[str, Any] = {
        "title": "Pricing objections",
        "lead": "What the customer says in external calls. Of 10 sentences it finds, about 9 are right.",
        "notices": [],
        "pages": [link(name.capitalize(), name) for name in PAGES],
        "controls": [],
        "query": {},
        "progress": None,
        "role": "reader",
    }
    return {"page": "tracker", "blocks": list(blocks), **known, **parts}  # type: ignore[typeddict-item]


def link(label: str, name: str = "tracker", **query: str) -> LinkView:
    return {"label": label, "page": name, "query": query}


def block(name: str, kind: str, title: str, **parts: Any) -> BlockView:
    known = {"note": "", "empty": "", "wide": False, "tiles": [], "figure": None, "table": None, "hits": []}
    known |= {"total": 0, "months": [], "marked": "", "suggestions": []}
    return {"id": name, "kind": kind, "title": title, **known, **parts}  # type: ignore[typeddict-item,return-value]


def empty(kind: str) -> BlockView:
    said = "No tracker is published yet. Open the notebook 01_build_a_tracker and publish one."
    return block(f"empty-{kind}", kind, f"Nothing in {kind}", empty=said)


def tiles() -> BlockView:
    def tile(label: str, value: str, note: str, tone: str = "", to: LinkView | None = None) -> TileView:
        return {"label": label, "value": value, "note": note, "tone": tone, "link": to}  # type: ignore[typeddict-item]

    found = [
        tile("Calls", "1,204", "3 Oct 2025 to 31 Mar 2026"),
        tile("Come up in", "62%", "of the calls, likely 55 to 69%", "good", link("By team", "team")),
        tile("Against the month before", "+8 points", "can't be told apart", "warning"),
        tile("Alerts that fire", "2", "Many objections; Few next steps", "bad", link("See them", "overview")),
    ]
    return block("tiles", "tiles", "", tiles=found)


def control(name: str, label: str, kind: str, options: Sequence[str], value: str, more: bool = False) -> ControlView:
    found = [{"value": one, "label": one or "All"} for one in options]
    return {"name": name, "label": label, "kind": kind, "options": found, "value": value, "more": more}  # type: ignore[typeddict-item]


def controls() -> list[ControlView]:
    """One of each kind, with and without a value."""
    search = control("words", "Search for", "search", (), "price range")
    ways = [{"value": "words", "label": "Exact words"}, {"value": "meaning", "label": "Meaning"}]
    return [
        control("tracker", "Tracker", "choice", (LONG_NAME, "Pricing", *TEAMS), LONG_NAME),
        {**search, "options": ways},  # type: ignore[typeddict-item]
        control("by", "By", "choice", ("Team", "Person"), "Team"),
        control("when", "Period", "period", ("", "30 days to 31 Mar 2026"), ""),
        control("from", "From", "date", (), "2026-01-01"),
        control("to", "To", "date", (), ""),
        control("team", "Team", "many", TEAMS, "North|South", more=True),
        control("account", "Account", "text", (), "", more=True),
        control("side", "Said by", "choice", ("", "The customer"), "The customer", more=True),
    ]


def _figure(data: list[dict[str, Any]], said: str, table: TableView, **layout: Any) -> FigureView:
    return {"figure": {"data": data, "layout": layout}, "description": said, "table": table}


def trend() -> BlockView:
    months = [f"{one}-01" for one in MONTHS]
    rates = {
        "Pricing objections": [0.4, 0.44, 0.43, 0.5, 0.55, 0.62],
        "Asks for a discount": [0.3, 0.28, 0.2, 0.24] * 2,
    }
    data = [
        {"type": "scatter", "mode": "lines+markers", "name": name, "x": months, "y": y} for name, y in rates.items()
    ]
    rows = [{"month": month, "rate": rate} for month, rate in zip(MONTHS, rates["Pricing objections"], strict=True)]
    table = _table([("month", "Month", "date"), ("rate", "Rate", "percent")], rows)
    said = "The share of calls in which it comes up rose from 40% to 62% in six months."
    figure = _figure(data, said, table, yaxis={"tickformat": ".0%", "rangemode": "tozero"})
    return block("trend", "figure", "By month", note="Corrected for the tracker's own error.", figure=figure)


def months() -> BlockView:
    """Trackers on one scale: one that rises, one of few calls, and one with a name as long as names can be."""

    def tracker(name: str, change: str, *shares: float | None) -> Any:
        shown = [
            {"label": one, "said": f"{one}: in {share} of 40 calls", "share": share, "few": at == 1}
            for at, (one, share) in enumerate(zip(MONTHS, shares, strict=True))
        ]
        said = f"{MONTHS[-1]}, {'up from' if change == 'up' else 'no clear change since'} {MONTHS[0]}"
        return {"name": name, "link": link(name), "now": "30%", "change": change, "said": said, "months": shown}

    every = [
        tracker("Pricing objections", "up", 0.04, 0.5, 0.06, None, 0.2, 0.3),
        tracker(LONG_NAME, "level", 0.3, 0.0, 0.28, 0.31, 0.29, 0.3),
        tracker(LONG_WORD[:80], "unknown", None, 0.1, None, None, None, None),
    ]
    return block("months", "months", "By month", months=every, table=_rates(), wide=True)


def nothing_found() -> BlockView:
    tried = [link("Only “price”: 20 sentences", words="price"), link(f"Search for the meaning of “{LONG_WORD}”")]
    return block("hits-none", "hits", "Nothing found", empty="Try one of these:", suggestions=tried)


def by_team() -> BlockView:
    rates = [0.62, 0.41, 0.38, 0.2]
    error = {"type": "data", "array": [0.07, 0.1, 0.05, 0.2], "color": "var(--wb-text)"}
    data = [{"type": "bar", "x": list(TEAMS), "y": rates, "error_y": error, "name": "Rate"}]
    figure = _figure(data, "North stands out; the others can't be told apart.", _rates(), yaxis={"tickformat": ".0%"})
    return block("by-team", "figure", "By team", figure=figure)


def heat() -> BlockView:
    data = [{"type": "heatmap", "x": list(MONTHS), "y": list(TEAMS), "z": [[n, 2 * n, 5, 8, 3, 1] for n in range(4)]}]
    figure = _figure(data, "Most is found in January.", _rates(), xaxis={"type": "category"}, height=240)
    return block("heat", "figure", "Teams and months", figure=figure, wide=True)


def _table(columns: Sequence[tuple[str, str, str]], rows: Sequence[dict[str, Any]], **parts: Any) -> TableView:
    heads: list[ColumnView] = [{"name": n, "label": label, "kind": kind} for n, label, kind in columns]  # type: ignore[typeddict-item]
    return {"columns": heads, "rows": list(rows), "links": [], "total": len(rows), **parts}  # type: ignore[typeddict-item]


def _rates(count: int = 4) -> TableView:
    columns = [
        ("team", "Team", "text"),
        ("calls", "Calls", "number"),
        ("share", "Found in", "percent"),
        ("rate", "Rate, likely range", "interval"),
        ("last", "Last found", "date"),
    ]
    rows = [
        {
            "team": f"{TEAMS[n % 4]}{f' {n // 4 + 1}' if n > 3 else ''}",
            "calls": 1_204 - 23 * n,
            "share": 0.62 - n / 100,
            "rate": None if n % 7 == 3 else [0.55 - n / 100, 0.62 - n / 100, 0.69 - n / 100],
            "last": f"2026-03-{1 + n % 28:02}T10:00:00+00:00",
        }
        for n in range(count)
    ]
    return _table(columns, rows, links=[link("This team", "team", team=row["team"]) for row in rows])  # type: ignore[misc]


def teams(count: int = 4) -> BlockView:
    return block(f"teams-{count}", "table", "Teams", table=_rates(count), wide=count > 4)


def hit(number: int, text: str = "", **parts: Any) -> HitView:
    around: Any = {"text": TALK[4], "speaker": "Marcus Oyelaran", "side": "company", "time": "3:36"}
    found = [
        {"id": "t0", "name": "Pricing objections", "score": 0.97, "version": 2},
        {"id": "t1", "name": "Discount", "score": 0.71, "version": 1},
    ]
    known: dict[str, Any] = {
        "sentence_id": f"call:{number}:0",
        "conversation_id": "call",
        "title": "Renewal review with Ampere House",
        "started": "2026-03-02T09:30:00+00:00",
        "speaker": "Dana Whitfield",
        "side": "customer",
        "start_s": 221.5 + number,
        "text": text or TALK[(number + 3) % len(TALK)],
        "before": [around],
        "after": [around],
        "trackers": found[: 1 + number % 2],
        "link": link("Go to call", "search", call="call") if number % 3 else None,
    }
    return {**known, **parts}  # type: ignore[typeddict-item,return-value]


def found(count: int, total: int | None = None) -> BlockView:
    hits = [hit(number) for number in range(count)]
    return block("hits", "hits", "Latest hits", hits=hits, total=total or count)


def told() -> BlockView:
    said = "Of 10 sentences it finds, about 9 are right; it finds about 7 of every 10 that exist.\nCounted on 50 drawn."
    return block("words", "text", "In plain words", note=said)


def hostile() -> DashboardView:
    """Names and sentences that break careless pages."""
    names = [LONG_WORD, MARKUP, "$x$ <b>bold</b> &amp; <br>", "a" * 80]
    table = _table(
        [("name", MARKUP, "text"), ("rate", LONG_WORD, "percent")], [{"name": n, "rate": 0.5} for n in names]
    )
    data = [
        {"type": "bar", "x": names[1:], "y": [3, 2, 1], "name": MARKUP, "hovertemplate": f"{MARKUP}<extra></extra>"}
    ]
    figure = _figure(data, f"{MARKUP} {LONG[1][:200]}", table, xaxis={"title": {"text": MARKUP}})
    tile: TileView = {"label": LONG_WORD, "value": LONG_WORD, "note": MARKUP, "tone": "bad", "link": link(LONG_WORD)}
    hits = [hit(n, text, speaker=LONG_WORD, title=MARKUP) for n, text in enumerate(LONG)]
    blocks = [
        block("tiles", "tiles", LONG_WORD, tiles=[tile]),
        block("figure", "figure", MARKUP, figure=figure),
        block("table", "table", LONG_WORD, table=table, note=LONG[1][:300]),
        block("hits", "hits", MARKUP, hits=hits, total=len(hits)),
        block("text", "text", "", note=" ".join(LONG[1:4])[:900]),
    ]
    field: ControlView = {
        "name": "account",
        "label": LONG_WORD,
        "kind": "choice",
        "options": [],
        "value": LONG_WORD,
        "more": False,
    }
    return page(blocks, title=f"{LONG_WORD} {MARKUP}", lead=LONG[1][:300], controls=[field])


def arabic() -> DashboardView:
    rows = [{"name": text, "rate": 0.5, "likely": [0.4, 0.6]} for text in ARABIC]
    table = _table([("name", ARABIC[0], "text"), ("rate", "Rate", "percent"), ("likely", "Range", "interval")], rows)
    hits = [hit(n, text) for n, text in enumerate(ARABIC)]
    blocks = [block("table", "table", ARABIC[1], table=table), block("hits", "hits", ARABIC[2], hits=hits, total=5)]
    return page(blocks, title=ARABIC[2], lead=ARABIC[3])
