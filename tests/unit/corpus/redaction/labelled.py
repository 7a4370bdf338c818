"""The labelled set: conversations whose texts say what should be redacted."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from workbench.corpus.redaction.kinds import KINDS, PLACEHOLDER
from workbench.corpus.redaction.redactor import Redactor
from workbench.domain.conversations import Conversation, Party, Turn

_MARK = re.compile(rf"<({'|'.join(KINDS)})>(.*?)</\1>")


def conversations() -> list[tuple[Conversation, list[str]]]:
    """Return each conversation without marks, and its texts with them."""
    out: list[tuple[dict, list[str]]] = []
    for line in Path(__file__).with_name("labelled.txt").read_text("utf-8").splitlines():
        if line.startswith("language: "):
            out.append(({"language": line.split(": ")[1]}, []))
        elif line.startswith("people: "):
            names = line.split(": ")[1].split("; ")
            out[-1][0]["parties"] = tuple(Party(id=f"p{at}", name=name) for at, name in enumerate(names))
        elif line and not line.startswith("#"):
            out[-1][1].append(line)
    return [(_conversation(about, marked), marked) for about, marked in out]


def _conversation(about: dict, marked: list[str]) -> Conversation:
    turns = tuple(Turn(text=_MARK.sub(r"\2", one)) for one in marked)
    return Conversation(id=about["language"], turns=turns, **about)


def measured() -> dict[str, tuple[int, int, int]]:
    """Return for each kind how many were there, how many of them were found, and how many were redacted in all."""
    redactor = Redactor(KINDS, lambda _language: None)
    there, found, all_ = Counter(), Counter(), Counter()
    for conversation, marked in conversations():
        turns = redactor.redact(conversation).conversation.turns
        for before, turn, text in zip(conversation.turns, turns, marked, strict=True):
            wanted = _MARK.findall(text)
            there.update(kind for kind, _ in wanted)
            all_.update(one.strip("[]").lower() for one in re.findall(PLACEHOLDER, turn.text))
            left = turn.text
            for kind, said in wanted:
                had, has = before.text.count(said), left.count(said)
                found[kind] += has < had and f"[{kind.upper()}]" in left
    return {kind: (there[kind], found[kind], all_[kind]) for kind in KINDS}


if __name__ == "__main__":
    for kind, (number, right, in_all) in measured().items():
        print(f"{kind:<6} {number:>3} there, {right:>3} found, {in_all:>3} redacted in all")
    redactor = Redactor(KINDS, lambda _language: None)
    for conversation, marked in conversations():
        for turn, text in zip(redactor.redact(conversation).conversation.turns, marked, strict=True):
            wanted = _MARK.sub(lambda one: f"[{one[1].upper()}]", text)
            if wanted != turn.text:
                print(f"  {wanted}\n    {turn.text}")
