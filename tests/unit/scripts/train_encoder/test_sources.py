"""Labelled sentences as they are read from the data's folder."""

from __future__ import annotations

import gzip
import json

import pytest

from scripts.train_encoder.sources import MAX_CHARACTERS, MIN_TEXTS, SOURCES, Source, chosen, read

TURNS = Source("calls", "turns", 1.0, "MIT", "us")
SINGLE = Source("lines", "single", 1.0, "MIT", "us")


def write(folder, name, rows, about):
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / f"{name}.labels.json").write_text(json.dumps(about))


def test_a_turn_comes_with_the_one_before_it_even_an_unlabelled_one(tmp_path):
    turns = [{"text": "hello"}, {"text": "はい " * 200, "labels": ["yes"]}, {"text": " ", "labels": ["yes"]}]
    turns.append({"text": "bye", "labels": ["end", "yes"]})
    about = {"yes": {"description": "The speaker says yes"}, "end": {}}
    write(tmp_path / "turns", "calls", [{"turns": turns}, {"turns": [{"text": "no", "labels": ["end"]}]}], about)
    found = read(tmp_path, TURNS)
    assert found.texts == [("はい " * 200)[:MAX_CHARACTERS], "bye", "no"]
    assert found.before == ["hello", " ", ""]
    assert found.labels == [{"yes"}, {"end", "yes"}, {"end"}]
    assert found.statements == {"yes": "The speaker says yes"}


def test_a_label_needs_enough_distinct_texts(tmp_path):
    rows = [{"text": f"{n}", "label": "often"} for n in range(MIN_TEXTS)]
    rows += [{"text": word, "label": ["rare"]} for word in ["Yes", "yes"] * MIN_TEXTS]
    rows.append({"text": "YES", "label": ["often", "rare"]})
    write(tmp_path / "single", "lines", rows, {})
    assert {name: at.tolist() for name, at in read(tmp_path, SINGLE).rows.items()} == {
        "often": [*range(MIN_TEXTS), len(rows) - 1]
    }


def test_share_alike_data_and_what_is_left_out_are_not_learnt_from():
    names = {one.name for one in chosen(["star"])}
    assert names == {one.name for one in SOURCES if not one.share_alike} - {"star"}
    assert {one.name for one in chosen(share_alike=True)} == {one.name for one in SOURCES}
    with pytest.raises(ValueError, match="leave-out: must be of ami_meetings"):
        chosen(["nothing"])
    assert all("SA" not in one.licence for one in SOURCES if not one.share_alike)


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"calls\.labels\.json"):
        read(tmp_path, TURNS)
