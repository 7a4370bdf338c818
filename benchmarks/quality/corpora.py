"""The labels of each corpus that are learnt, and on which side's sentences."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RARE = range(100, 131)  # turns of a label under 0.5% of SGD's


@dataclass(frozen=True, slots=True)
class Suite:
    """A set of labels of a corpus; ``labels`` gives each one's side.

    Of long corpora one call in ``every`` is used, of those with several versions of a call the ones whose id ends in
    ``version``, and of those that label the end of a call alone its ``last`` turns.
    """

    name: str
    title: str
    source: Path
    labels: dict[str, str]
    every: int = 1
    version: str = ""
    last: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every turn of the source counts."""
        return self.every == 1 and not self.version and self.last is None

    def calls(self) -> Iterator[dict[str, Any]]:
        """Yield the calls that are used, without unused turns."""
        for at, call in enumerate(_conversations(self.source)):
            if at % self.every == 0 and call["id"].endswith(self.version):
                yield call if self.last is None else call | {"turns": call["turns"][-self.last :]}


SGD_8 = {
    "USER:REQUEST_ALTS": "customer",
    "USER:NEGATE_INTENT": "customer",
    "USER:REQUEST:phone_number": "customer",
    "SYSTEM:OFFER_INTENT": "company",
    "USER:INFORM_INTENT:FindProvider": "customer",
    "USER:NEGATE": "customer",
    "USER:INFORM:number_of_seats": "customer",
    "SYSTEM:OFFER:price": "company",
}
P4G_6 = {
    "EE:negative-reaction-to-donation": "customer",
    "EE:agree-donation": "customer",
    "EE:ask-donation-procedure": "customer",
    "ER:foot-in-the-door": "company",
    "ER:self-modeling": "company",
    "ER:praise-user": "company",
}
AMI_6 = dict.fromkeys(("be.pos", "reply:NEG", "reply:UNC", "off", "el.ass", "el.sug"), "anyone")
_CASINO = "self-need promote-coordination vouch-fair other-need elicit-pref showing-empathy no-need small-talk uv-part"
CASINO_9 = dict.fromkeys(_CASINO.split(), "anyone")
MATHDIAL_4 = dict.fromkeys(("generic", "probing", "focus", "telling"), "company")
CIMA_4 = dict.fromkeys(("tutor:hint", "tutor:question", "tutor:correction", "tutor:confirmation"), "company")
FURTHER = ("ami-6", "casino-9", "mathdial-4", "cima-4")  # of benchmarks that no peer takes part in
NAMES = ("sample", "sgd-8", "p4g-6", "rare")
_FILES = {
    "p4g-6": "persuasion-300.jsonl.gz",
    "casino-9": "casino-396.jsonl.gz",
    "ami-6": "training/turns/ami_meetings.jsonl.gz",
    "mathdial-4": "training/turns/mathdial.jsonl.gz",
    "cima-4": "training/turns/cima.jsonl.gz",
}
_TITLES = {"casino-9": "CaSiNo-9", "mathdial-4": "MathDial-4"}


def suite(name: str, data: Path | None) -> Suite | None:
    """Return the suite with this name; None if it needs data that this machine lacks."""
    if name == "sample":
        source = ROOT / "sample_corpus"
        return Suite(name, "sample corpus", source, _labels_of(source))
    source = (data or Path()) / _FILES.get(name, "sgd-1500.jsonl.gz")
    if data is None or not source.exists():
        return None
    if name == "rare":
        return Suite(name, "SGD, labels under 0.5%", source, _rare(source))
    if name == "ami-6":
        return Suite(name, "AMI-6, every third meeting", source, AMI_6, every=3)
    if name == "cima-4":
        return Suite(name, "CIMA-4, the last turns", source, CIMA_4, version="-0", last=2)
    labels = {"sgd-8": SGD_8, "p4g-6": P4G_6, "casino-9": CASINO_9, "mathdial-4": MATHDIAL_4}[name]
    return Suite(name, _TITLES.get(name, name.upper()), source, labels)


def _rare(source: Path) -> dict[str, str]:
    sides = {"SYSTEM:CONFIRM:": "company", "USER:INFORM:": "customer"}
    counts = Counter(label for label, _ in _labelled(source))
    starts = ((label, next((s for s in sides if label.startswith(s)), None)) for label in sorted(counts))
    return {label: sides[start] for label, start in starts if start and counts[label] in RARE}


def _labels_of(source: Path) -> dict[str, str]:
    """Return every label, on the only side that has it, else on both."""
    sides: dict[str, set[str]] = {}
    for label, side in _labelled(source):
        sides.setdefault(label, set()).add(side)
    return {label: next(iter(found)) if len(found) == 1 else "anyone" for label, found in sorted(sides.items())}


def _labelled(source: Path) -> Iterator[tuple[str, str]]:
    for conversation in _conversations(source):
        side = {party["id"]: party.get("side") or "anyone" for party in conversation["parties"]}
        for turn in conversation["turns"]:
            for label in turn.get("labels") or ():
                yield label, side[turn["party"]]


def _conversations(source: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(source.glob("*.jsonl*")) if source.is_dir() else [source]:
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        yield from (json.loads(line) for line in content.decode("utf-8").splitlines() if line.strip())
