"""Static HTML and SVG out of escaped parts: no script, no style sheet, legible on light and dark ground."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.domain.estimates import Interval

WIDTH, HEIGHT = 320, 170  # of a chart; two stand beside each other on a wide page, and below each other on a phone
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 12, 28
BLUE, ORANGE = "#3b7fc4", "#c2700c"  # at least 3:1 against white and against near-black
LINE = "border-bottom:1px solid rgba(128,128,128,.35)"


class Html(str):
    """Text that is HTML already; everything else is escaped."""

    __slots__ = ()


class ChartMark(NamedTuple):
    """One point of a chart: how it is labelled, and its interval; ``point`` alone is drawn hollow."""

    label: str
    point: float | None
    interval: Interval | None = None


def tag(name: str, *inside: str, **attributes: object) -> Html:
    """Return an element; underscores in names of attributes stand for hyphens, and one at the end is dropped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{written}>{joined(inside)}</{name}>")


def joined(parts: Sequence[str]) -> Html:
    """Return the parts one after the other, escaped where they are not HTML."""
    return Html("".join(part if isinstance(part, Html) else html.escape(part) for part in parts))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> Html:
    """Return a table; the first cell of each row is its heading."""
    cell = f"padding:4px 12px 4px 0;text-align:left;vertical-align:top;{LINE}"
    names = [tag("th", one, scope="col", style=cell) for one in columns]
    head = [tag("thead", tag("tr", *names))] if names else []
    body = [
        tag(
            "tr",
            *(
                tag("td" if at else "th", one, style=f"{cell};font-weight:{400 if at else 600}", dir="auto")
                for at, one in enumerate(row)
            ),
        )
        for row in rows
    ]
    above = [tag("caption", caption, style="text-align:left")] if caption else []
    whole = tag("table", *above, *head, tag("tbody", *body), style="border-collapse:collapse")
    return tag("div", whole, style="overflow-x:auto")


def listing(items: Sequence[str]) -> Html:
    """Return a list of texts."""
    return tag("ul", *(tag("li", one, dir="auto") for one in items))


def facts(pairs: Mapping[str, str]) -> Html:
    """Return pairs of name and value, those without a value left out."""
    rows = [[name, value] for name, value in pairs.items() if value]
    return table([], rows) if rows else Html()


def chart(title: str, marks: Sequence[ChartMark], colour: str = BLUE) -> Html:
    """Return shares in [0, 1] along labels, with their intervals, as an SVG figure."""
    said = "; ".join(f"{one.label}: {_said(one)}" for one in marks)
    drawn = [tag("title", f"{title}. {said}"), *map(_rule, (0.0, 0.5, 1.0))]
    step = (WIDTH - LEFT - RIGHT) / max(1, len(marks))
    every = -(-len(marks) // 8)
    for at, one in enumerate(marks):
        x = LEFT + step * (at + 0.5)
        drawn += _mark(one, x, colour)
        if at % every == 0:
            drawn.append(_text(x, HEIGHT - 10, one.label, "middle"))
    picture = tag(
        "svg",
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        style="max-width:100%;height:auto",
    )
    caption = tag("figcaption", title, style="font-weight:600")
    return tag("figure", caption, picture, style="display:inline-block;margin:0 16px 8px 0;max-width:100%")


def percent(share: float | None) -> str:
    """Return a share as 62%, a dash where there is none."""
    return "–" if share is None else f"{share:.0%}"


def range_of(interval: Interval | None) -> str:
    """Return an interval as 62% (51–72%); a dash where it can't be told."""
    if interval is None or not interval.tells:
        return "–"
    return f"{interval.point:.0%} ({100 * interval.low:.0f}–{interval.high:.0%})"


def _said(one: ChartMark) -> str:
    return range_of(one.interval) if one.interval is not None else percent(one.point)


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(1.0, max(0.0, share)))


def _rule(share: float) -> Html:
    y = _y(share)
    across = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, stroke="currentColor", stroke_opacity=0.25)
    return joined([across, _text(LEFT - 6, y + 4, percent(share), "end")])


def _text(x: float, y: float, said: str, anchor: str) -> Html:
    return tag("text", said, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, fill="currentColor", font_size=12)


def _mark(one: ChartMark, x: float, colour: str) -> list[Html]:
    where = {"cx": f"{x:.1f}", "r": 4, "stroke": colour, "stroke_width": 2}
    if one.interval is not None:
        low, high = _y(one.interval.low), _y(one.interval.high)
        bar = tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=low, y2=high, stroke=colour, stroke_width=2)
        return [bar, tag("circle", cy=_y(one.interval.point), fill=colour, **where)]
    return [] if one.point is None else [tag("circle", cy=_y(one.point), fill="none", **where)]
