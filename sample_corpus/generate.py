"""Writes the sample corpus: calls, e-mails and three short recordings.

    python sample_corpus/generate.py --out sample_corpus/

Standard library only. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

from corpus_maker import calendar, people
from corpus_maker.audio import write_recording
from corpus_maker.bank import Bank
from corpus_maker.calls import make_call
from corpus_maker.emails import make_emails
from corpus_maker.talk import Sentence

HERE = Path(__file__).resolve().parent
SEED = 20251101
RECORDED = 3  # calls with a sound file


@dataclass(frozen=True)
class Corpus:
    """Everything made: conversations in the neutral format, and each sentence with its skeleton."""

    calls: list[dict]
    emails: list[dict]
    sentences: list[Sentence]


def build(seed: int = SEED) -> Corpus:
    """Make the corpus in memory; `sentences` has every sentence of calls and e-mails in order."""
    rng = random.Random(seed)
    bank = Bank(HERE / "content")
    accounts = people.make_accounts(rng)
    events = calendar.plan(accounts, rng)
    brief = _brief_calls(events)
    calls, sentences = [], []
    for number, event in enumerate(events):
        call, said = make_call(number, event, accounts, bank, rng, number in brief)
        if number in brief:
            call["media"] = f"audio/{call['id']}.wav"
        calls.append(call)
        sentences += said
    emails, written = make_emails(events, [a.name for a in accounts], bank, rng)
    return Corpus(calls, emails, sentences + written)


def _brief_calls(events: list[calendar.Event]) -> set[int]:
    """Support calls, spread over the period, that are kept short and get a recording."""
    support = [i for i, e in enumerate(events) if e.kind == "support" and e.account.language == "en"]
    step = len(support) // (RECORDED + 1)
    return {support[step * (i + 1)] for i in range(RECORDED)}


def write(corpus: Corpus, out: Path) -> None:
    """Write JSON Lines files (calls by half-year) and the recordings under `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name, months in (("2025-h2", ("2025",)), ("2026-h1", _H1), ("2026-h2", _H2)):
        part = [c for c in corpus.calls if c["started"].startswith(months)]
        _write_lines(out / f"calls-{name}.jsonl", part)
    _write_lines(out / "emails.jsonl", corpus.emails)
    for call in corpus.calls:
        if "media" in call:
            write_recording(out / call["media"], call["turns"], call["duration_s"])


_H1 = tuple(f"2026-{m:02d}" for m in range(1, 7))
_H2 = tuple(f"2026-{m:02d}" for m in range(7, 13))


def _write_lines(path: Path, rows: list[dict]) -> None:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write(build(options.seed), options.out)


if __name__ == "__main__":
    main()
