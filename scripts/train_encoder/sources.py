"""What the encoder learns from: labelled sentences of public corpora, and in words what their labels mean.

The data is read as data only: JSON lines, with a limit on the length of a text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MIN_TEXTS = 8  # of a label, distinct ones; rarer labels are left out
MAX_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus: where it lies below the data's folder, how often it is drawn, and who is to be named.

    What is under a share-alike licence is left out unless it is asked for.
    """

    name: str
    folder: str
    share: float
    licence: str
    attribution: str
    share_alike: bool = False


SOURCES = (
    Source("ami_meetings", "turns", 6.0, "CC-BY-4.0", "AMI Meeting Corpus (Carletta 2007), manual annotations 1.6.2"),
    Source("star", "turns", 2.0, "MIT", "STAR (Mosig, Mehri & Kober 2020), Rasa"),
    Source("multidogo", "turns", 2.0, "CDLA-Permissive-1.0", "MultiDoGO (Peskov et al. 2019), Amazon"),
    Source("natcs_intent_turns", "turns", 2.0, "CDLA-Permissive-2.0", "NatCS (Gung et al. 2023), Amazon"),
    Source("natcs_test_utterances", "single", 1.0, "CDLA-Permissive-2.0", "DSTC11 track 2 (Gung et al. 2023), Amazon"),
    Source("nlupp", "single", 2.0, "CC-BY-4.0", "NLU++ (Casanueva et al. 2022), PolyAI"),
    Source("banking77", "single", 1.0, "CC-BY-4.0", "Banking77 (Casanueva et al. 2020), PolyAI"),
    Source("clinc150", "single", 1.0, "CC-BY-3.0", "CLINC150 (Larson et al. 2019)"),
    Source("hwu64", "single", 1.0, "CC-BY-4.0", "HWU64 (Liu et al. 2019)"),
    Source("goemotions", "single", 2.0, "CC-BY-4.0", "GoEmotions (Demszky et al. 2020), Google"),
    Source("cima", "turns", 1.0, "CC-BY-2.5", "CIMA (Stasaski, Kao & Hearst 2020)"),
    Source("sgd_train", "turns", 4.0, "CC-BY-SA-4.0", "Schema-Guided Dialogue (Rastogi et al. 2020), Google", True),
    Source("mathdial", "turns", 1.0, "CC-BY-SA-4.0", "MathDial (Macina et al. 2023)", True),
)
NAMES = tuple(one.name for one in SOURCES)


@dataclass(frozen=True, eq=False)
class LabelledSet:
    """The labelled sentences of a source: text, turn before ("" if there is none) and labels of each.

    ``statements`` says in words what a label means, for those that are described.
    """

    source: Source
    texts: list[str]
    before: list[str]
    labels: list[frozenset[str]]
    statements: dict[str, str]

    @cached_property
    def rows(self) -> dict[str, NDArray[np.int64]]:
        """The rows of each label that has enough texts: the first one with each distinct text, case set aside."""
        found: dict[str, dict[str, int]] = {}
        for row, (text, labels) in enumerate(zip(self.texts, self.labels, strict=True)):
            for label in labels:
                found.setdefault(label, {}).setdefault(text.casefold(), row)
        kept = {label: first for label, first in sorted(found.items()) if len(first) >= MIN_TEXTS}
        return {label: np.array(list(first.values()), dtype=np.int64) for label, first in kept.items()}


def chosen(leave_out: Collection[str] = (), share_alike: bool = False) -> list[Source]:
    """Return the sources to learn from.

    Raises:
        ValueError: one that is to be left out does not exist.
    """
    if unknown := set(leave_out) - set(NAMES):
        raise ValueError(f"leave-out: must be of {', '.join(NAMES)}, not {', '.join(sorted(unknown))}")
    return [one for one in SOURCES if one.name not in leave_out and (share_alike or not one.share_alike)]


def read(data: Path, source: Source) -> LabelledSet:
    """Read a source's labelled sentences from the data's folder.

    Raises:
        FileNotFoundError: its files are not there.
    """
    stem = data / source.folder / source.name
    about = json.loads(stem.with_name(f"{source.name}.labels.json").read_text("utf-8"))
    rows = list(_turns(stem) if source.folder == "turns" else _singles(stem))
    return LabelledSet(
        source,
        [text for text, _, _ in rows],
        [before for _, before, _ in rows],
        [labels for _, _, labels in rows],
        {label: one["description"] for label, one in about.items() if one.get("description")},
    )


def _turns(stem: Path) -> Iterator[tuple[str, str, frozenset[str]]]:
    for call in _lines(stem):
        before = ""
        for turn in call["turns"]:
            text = turn["text"][:MAX_CHARACTERS]
            if turn.get("labels") and text.strip():
                yield text, before, frozenset(turn["labels"])
            before = text


def _singles(stem: Path) -> Iterator[tuple[str, str, frozenset[str]]]:
    for one in _lines(stem):
        labels = one["label"] if isinstance(one["label"], list) else [one["label"]]
        if one["text"].strip():
            yield one["text"][:MAX_CHARACTERS], "", frozenset(labels)


def _lines(stem: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(stem.with_name(f"{stem.name}.jsonl.gz"), "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
