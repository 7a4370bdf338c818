"""Figures as plain dictionaries."""

from __future__ import annotations

import pytest

from workbench.dashboards import figures, parts

TABLE = parts.table_view({}, [])


def across(*days: str | None, **x: object) -> dict[str, object]:
    axis = {"type": "date", **x}
    drawn = figures.lines("one", days, [0.5] * len(days))
    return figures.figure([drawn], "", TABLE, x=axis)["figure"]["layout"]["xaxis"]


@pytest.mark.parametrize(
    ("days", "shown", "ends"),
    [
        (["2026-11-01"], "%b %Y", ["2026-10-17", "2026-11-16"]),
        (["2026-11-01", None, "2026-12-01"], "%b %Y", ["2026-10-17", "2026-12-16"]),
        (["2026-11-02", "2026-11-09"], "%-d %b %Y", ["2026-10-18", "2026-11-24"]),
    ],
)
def test_few_days_are_marked_as_days(days, shown, ends):
    axis = across(*days)
    assert axis["tickvals"] == [day for day in days if day]
    assert (axis["tickformat"], axis["range"]) == (shown, ends)


def test_of_many_days_or_in_a_range_of_its_own_the_page_chooses():
    assert "tickvals" not in across(*[f"2026-{month:02}-01" for month in range(1, 9)])
    assert across("2026-11-01", range=["2026-10-01", "2026-12-01"])["range"] == ["2026-10-01", "2026-12-01"]
    assert "range" not in across()
