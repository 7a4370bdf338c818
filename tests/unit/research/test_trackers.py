"""Trackers side by side on labelled calls."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit.small import EXAMPLES, LABEL, answer, conversations
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import HashingEncoder


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    workspace = wb.open(tmp_path_factory.mktemp("compared") / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(160))
    workspace.encode()
    for name, say in (("Careful", answer), ("Careless", lambda text: "yes" if "weather" in text else answer(text))):
        session = workspace.trackers.create(name, examples=EXAMPLES, seed=1).train()
        for _ in range(2):
            for candidate in session.next_round():
                session.tag(candidate.sentence_id, say(candidate.text))
            session.complete_round()
    return workspace


def test_the_better_one_is_ahead_by_an_interval_and_the_reasons_can_be_read(ws):
    found = wb.compare_trackers(ws, LABEL, ["Careful", "Careless"])
    figures = found.figures.set_index("tracker")
    assert figures.loc["Careful", "precision"] > figures.loc["Careless", "precision"]
    row = found.differences.set_index("metric").loc["precision"]
    assert row["low"] <= row["difference"] <= row["high"] < 0
    assert row["difference"] == pytest.approx(
        figures.loc["Careless", "precision"] - figures.loc["Careful", "precision"]
    )
    wrong = found.disagreements[found.disagreements["found_by"] == "Careless"]
    assert wrong["text"].str.contains("weather").any()
    assert not wrong["true"].all()


def test_it_says_what_cannot_be_compared(ws):
    with pytest.raises(WorkbenchError, match="at least two"):
        wb.compare_trackers(ws, LABEL, ["Careful", "Careful"])
    with pytest.raises(WorkbenchError, match="no tracker"):
        wb.compare_trackers(ws, LABEL, ["Careful", "Missing"])
    with pytest.raises(WorkbenchError, match="no call with 'none'"):
        wb.compare_trackers(ws, "none", ["Careful", "Careless"])
