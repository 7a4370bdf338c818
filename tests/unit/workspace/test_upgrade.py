"""A workspace of an older version opens with all that it held."""

from __future__ import annotations

from typing import Any

import pytest

import workbench as wb
from tests.support.old_workspace import EMPTIED, USER, expected, told, unpacked
from workbench.store.database import STATE


@pytest.fixture(scope="module", name="found")
def _found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATE, raising=False)
        return told(wb.open(unpacked(tmp_path_factory.mktemp("old")), user=USER))


def like(found: Any, before: Any) -> Any:
    """What is found, without the fields that the older version had not."""
    if not (isinstance(found, dict) and isinstance(before, dict)):
        return found
    return {name: like(found[name], before[name]) for name in found if name in before}


def test_an_older_workspace_opens_with_the_same_versions(found: dict[str, Any]) -> None:
    for name, tracker in expected()["trackers"].items():
        versions = zip(found["trackers"][name]["versions"], tracker["versions"], strict=True)
        now = found["trackers"][name] | {"versions": [like(one, before) for one, before in versions]}
        assert now == tracker, name
    assert found["deleted"] == expected()["deleted"]


def test_an_older_workspace_opens_with_the_same_detections(found: dict[str, Any]) -> None:
    for name, sentences in expected()["detections"].items():
        if name != EMPTIED:
            assert found["detections"][name] == sentences, name


def test_an_older_workspace_opens_with_the_same_estimates_which_hold(found: dict[str, Any]) -> None:
    before = expected()["estimates"]
    assert {name: like(one, before[name]) for name, one in found["estimates"].items()} == before
    for name, one in found["estimates"].items():
        dialled = "threshold" in expected()["trackers"][name]["unpublished"]
        assert one["stale"] == ("another threshold was chosen" if dialled else ""), name


_APART = ("trackers", "detections", "statistics", "estimates", "metrics")


@pytest.mark.parametrize("what", [one for one in expected() if one not in _APART])
def test_an_older_workspace_opens_with_the_same(what: str, found: dict[str, Any]) -> None:
    assert found[what] == expected()[what]


def test_an_older_workspace_gives_the_same_values_of_metrics(found: dict[str, Any]) -> None:
    """Where the version in use had not read a call, an older version's answer stands, which was unknown before."""
    for name, (source, version, values) in expected()["metrics"]["values"].items():
        known = [one for one in values if one[1] != "unknown"]
        assert found["metrics"]["values"][name][:2] == [source, version]
        assert known == [one for one in found["metrics"]["values"][name][2] if one in known]
    others = [one for one in expected()["metrics"] if one != "values"]
    assert {one: found["metrics"][one] for one in others} == {one: expected()["metrics"][one] for one in others}


def test_what_a_version_for_upcoming_calls_emptied_is_back(found: dict[str, Any]) -> None:
    assert expected()["detections"][EMPTIED] == {}
    assert len(found["detections"][EMPTIED]) == 6


def test_an_older_workspace_gives_the_same_statistics(found: dict[str, Any]) -> None:
    """And those of teams that no call names as its own, but somebody who takes part in one."""
    for name, rates in expected()["statistics"].items():
        if name != EMPTIED:
            of_parties = [row for row in found["statistics"][name]["rows"] if row[0] == "Engineering"]
            kept = [row for row in found["statistics"][name]["rows"] if row not in of_parties]
            assert found["statistics"][name] | {"rows": kept} == rates, name
            assert len(of_parties) == ("Customer Success" in [row[0] for row in rates["rows"]])
