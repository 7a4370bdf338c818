"""Turns what a version finds into messages of its streams, in the transaction that marks the calls as read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.corpus.sentences import parse_sentence_id
from workbench.domain.publications import Version
from workbench.domain.streams import FoundCall
from workbench.store.outbox import collect
from workbench.store.publications import Detection
from workbench.store.standing import FoundSentence
from workbench.store.streams import StreamRepository
from workbench.store.unit_of_work import NOTHING, Write


def telling(lake: Lake, database: Engine, version: Version, found: Sequence[Detection]) -> Write:
    """Return what writes the messages about these upcoming calls: nothing if there is nobody to tell, or nothing."""
    if not found or not StreamRepository(database).collects(version.tracker_id):
        return NOTHING
    calls = found_calls(lake, version.definition["name"], version.version, found)
    return partial(collect, version=version, calls=calls)


def found_calls(lake: Lake, tracker: str, version: int, found: Sequence[Detection | FoundSentence]) -> list[FoundCall]:
    """Return the conversations in which these sentences are, in the corpus's order.

    Those that are gone are left out.
    """
    sentences: dict[int, list[str]] = {}
    for one in found:
        sentences.setdefault(one.number, []).append(one.sentence_id)
    headings = lake.headings(sentences)
    return [
        FoundCall(
            number=number,
            conversation_id=headings[number].id,
            title=headings[number].title,
            started=headings[number].started,
            account=headings[number].account,
            team=headings[number].team,
            tracker=tracker,
            version=version,
            sentence_ids=tuple(sorted(sentences[number], key=_place)),
        )
        for number in sorted(headings)
    ]


def _place(sentence_id: str) -> tuple[str, int, int]:
    return parse_sentence_id(sentence_id) or (sentence_id, 0, 0)
