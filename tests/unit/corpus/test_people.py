"""Who is one person, and which names are one name."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.people import is_label, one_spelling

LABELS = [
    *("SPEAKER_00", "Speaker 1", "speaker-A", "spk_0", "SPK1", "Speaker", "S1", "Guest-1", "AGENT", "agent 2"),
    *(
        "Customer",
        "Channel 0",
        "ch_1",
        "Unknown",
        "Unknown Speaker",
        "Participant 3",
        "話者1",
        "说话人 2",
        "Sprecher 1",
    ),
    *("Sprecherin B", "Locuteur 2", " Speaker 1 ", "SPEAKER_12"),
]
NAMES = [
    "Ann",
    "Agente Díaz",
    "Guestafson",
    "Hostetler",
    "Sam",
    "S",
    "Speakerman",
    "Channing",
    "佐藤",
    "Userov 2 a",
    "Ch'en",
    "Cho",
    "Che",
    "Hosty",
]


@pytest.mark.parametrize("name", LABELS)
def test_a_label_names_nobody(name):
    assert is_label(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_label(name):
    assert not is_label(name)


def call(n: int, *parties: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = [{"side": "company"} | one for one in parties]
    turns = [{"party": one["id"], "text": f"This is said by {one['id']}."} for one in given]
    return {"id": f"c{n}", "parties": given, "turns": turns} | more


def lake_of(tmp_path, *calls: dict[str, Any]) -> Lake:
    lake = Lake(tmp_path)
    report = ingest(lake, calls)
    assert report.added == len(calls), report
    return lake


def people(lake: Lake) -> list[str]:
    return lake.people()["person"].tolist()


def test_labels_in_two_calls_are_two_people(tmp_path):
    lake = lake_of(tmp_path, call(1, {"id": "SPEAKER_00"}), call(2, {"id": "x", "name": "SPEAKER_00"}))
    assert people(lake) == ["SPEAKER_00 in c1", "SPEAKER_00 in c2"]


def test_two_labels_in_one_call_are_two_people(tmp_path):
    lake = lake_of(tmp_path, call(1, {"id": "SPEAKER_00"}, {"id": "SPEAKER_01"}))
    assert people(lake) == ["SPEAKER_00 in c1", "SPEAKER_01 in c1"]


def test_an_address_tells_who_a_label_is(tmp_path):
    ann = {"id": "a", "name": "Speaker 1", "email": "Ann@Example.org"}
    lake = lake_of(tmp_path, call(1, ann), call(2, ann | {"email": "ann@example.org"}))
    assert people(lake) == ["ann@example.org"] * 2


@pytest.mark.parametrize("other", ["ANN MÜLLER", "Ann  Müller", "Ann Mu\u0308ller", "Ann Müller"])
def test_a_name_written_otherwise_is_the_same_person(tmp_path, other):
    ann = {"id": "a", "name": "Ann Müller"}
    lake = lake_of(tmp_path, call(1, ann), call(2, ann), call(3, {"id": "b", "name": other}))
    assert people(lake) == ["Ann Müller"] * 3


def test_teams_accounts_and_stages_written_otherwise_are_one(tmp_path):
    def told(n: int, team: str, account: str, stage: str) -> dict[str, Any]:
        deal = {"id": f"d{n}", "stage": stage}
        return call(n, {"id": "a", "name": "Ann", "team": team.upper()}, team=team, account=account, deal=deal)

    lake = lake_of(
        tmp_path, told(1, "North", "Acme", "Won"), told(2, "North", "Acme", "Won"), told(3, "north", "ACME", "won")
    )
    assert lake.teams().to_dict("list") == {"number": [0, 1, 2], "team": ["NORTH"] * 3}
    assert lake.about()[["account", "stage"]].drop_duplicates().to_dict("list") == {
        "account": ["Acme"],
        "stage": ["Won"],
    }


def test_the_most_frequent_spelling_is_shown():
    names = pd.Series(["b", "B", "B", None, "a", "A"])
    assert one_spelling(names).tolist()[:3] == ["B", "B", "B"]
    assert one_spelling(names).isna().tolist() == [False, False, False, True, False, False]
    assert one_spelling(names).tolist()[4:] == ["A", "A"]
    assert one_spelling(pd.Series([None, None], dtype=object)).isna().all()


def test_a_person_s_team_is_written_as_the_team_is(tmp_path):
    ann = {"id": "a", "name": "Ann", "team": "NORTH"}
    calls = [call(n, {"id": "b", "name": "Bo"}, team="North") for n in range(3)] + [call(9, ann, team="North")]
    lake = lake_of(tmp_path, *calls)
    assert set(lake.people()["team"]) == set(lake.teams()["team"]) == {"North"}
