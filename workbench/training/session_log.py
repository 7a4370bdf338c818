"""The log of a session: everything that was asked and answered, ready for JSON (X3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.domain.trackers import TrackerSpec
from workbench.store.sessions import AskedSentence, SessionRepository


def session_log(spec: TrackerSpec, answers: SessionRepository) -> dict[str, Any]:
    """Return everything that was asked and answered, ready for JSON."""
    opened, closings = answers.openings(), answers.closings()
    rounds = [
        {
            "round": number,
            "drawn_with": _plain(opened.get(number, {})),
            "asked": [_asked(item) for item in answers.asked(number)],
            "estimate": closings[number].estimate if number in closings else None,
            "basis": closings[number].basis if number in closings else None,
            "complete": number in closings,
        }
        for number in range(1, answers.newest_round() + 1)
    ]
    return {
        "tracker": spec.name,
        "id": spec.id,
        "rounds": rounds,
        "answers": [_plain(one) for one in answers.history()],
    }


def _asked(item: AskedSentence) -> dict[str, Any]:
    answer = None if item.tag is None else str(item.tag.answer)
    return {
        "sentence_id": item.sentence_id,
        "reason": str(item.reason),
        "probability": item.probability,
        "score": item.score,
        "answer": answer,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
