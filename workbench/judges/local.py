"""The judge that needs no key and no network: sentences close enough in meaning count, and are quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.judges.protocol import Mention, Question, Snippet, Verdict

KEY = "local-1"  # identifies its verdicts: change it when they change
_LONG = 160
_SAYS = {"customer": "The customer says", "company": "Our rep says"}


@dataclass(frozen=True, slots=True)
class LocalJudge:
    """Says yes to the snippets whose score is at ``least`` that."""

    least: float
    key: str = KEY
    at_once: int = 1

    def judge(self, question: Question, snippets: Sequence[Snippet]) -> Verdict:
        del question  # the scores hold it
        found = [Mention(place, one.score) for place, one in enumerate(snippets) if one.score >= self.least]
        return Verdict(mentions=tuple(found), summary=quoted(snippets, found))


def quoted(snippets: Sequence[Snippet], mentions: Sequence[Mention]) -> str:
    """Return the most likely mention, word for word; empty if there is none."""
    if not mentions:
        return ""
    best = snippets[max(mentions, key=lambda one: one.score).place]
    text = best.text if len(best.text) <= _LONG else f"{best.text[: _LONG - 1].rstrip()}…"
    return f"{_SAYS.get(best.side, 'Someone says')}: “{text}”"
