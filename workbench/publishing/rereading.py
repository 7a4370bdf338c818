"""Reads changed conversations again: new results replace the old, and people are notified only of new matches.

Each version rereads conversations with its current results, with its frozen content; so results are those that it would
have found in the conversation as it is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.domain.credits import OUT_OF_CREDITS
from workbench.domain.errors import JudgeUnavailable, OtherEncoder, OutOfCredits, WrongState
from workbench.publishing.publication import BATCH, Publication
from workbench.reading.credits import Credits
from workbench.reading.question_reader import QuestionReader
from workbench.reading.readers import Reader, take
from workbench.resources import Resources
from workbench.results.collecting import telling
from workbench.results.standing import standing
from workbench.store.publications import PublicationRepository
from workbench.store.rereads import RereadRepository
from workbench.store.unit_of_work import UnitOfWork

_GAP = 16  # conversations that are read unnecessarily rather than queried separately


@dataclass(frozen=True, slots=True)
class Again:
    """A version, and the conversations to read again."""

    publication: Publication
    numbers: list[int]


def waiting(resources: Resources) -> list[Again]:
    """Return what versions of active trackers have to read again."""
    numbers = RereadRepository(resources.state).waiting()
    if not numbers:
        return []
    versions = PublicationRepository(resources.state).by_id(list(numbers))
    return [Again(Publication(resources, one), numbers[one.id]) for one in versions]


def read_again(resources: Resources, one: Again) -> int:
    """Read the conversations again, and return how many were read; what cannot be read now is read another time.

    Raises:
        CorpusNotEncoded: run ``ws.encode()`` first.
    """
    rows, frozen = RereadRepository(resources.state), one.publication.frozen
    numbers = _standing(resources, one)
    rows.drop(frozen.id, [number for number in one.numbers if number not in numbers])
    done = 0
    try:
        reader = one.publication.reader()
        for batch in _batches([number for number in one.numbers if number in numbers], _gap(reader)):
            done += _read(resources, one.publication, reader, batch)
    except OutOfCredits:
        Credits(resources.state).pause(frozen.tracker_id, OUT_OF_CREDITS)
    except (JudgeUnavailable, OtherEncoder, WrongState) as error:
        PublicationRepository(resources.state).fail(frozen, str(error), past=False)
    return done


def _standing(resources: Resources, one: Again) -> set[int]:
    """Return the conversations for which its results are current."""
    order = standing(resources.state, resources.lake).versions(one.publication.frozen.tracker_id)
    reach = next((own.reach for own in order if own.publication_id == one.publication.frozen.id), None)
    if reach is None:
        return set()
    started = resources.lake.started(one.numbers)
    return {number for number in one.numbers if reach.holds(number, started.get(number))}


def _read(resources: Resources, publication: Publication, reader: Reader, batch: Sequence[int]) -> int:
    frozen, rows = publication.frozen, RereadRepository(resources.state)
    since = frozen.since if batch[0] < frozen.first_upcoming else None
    taken = take(reader, range(batch[0], batch[-1] + 1), since)
    read = [number for number in batch if number in taken.numbers]
    if not read:
        raise OutOfCredits("Out of credits.")
    wanted = set(read)
    found = [find for find in taken.found if find.number in wanted]
    known = rows.found_before(frozen.id, read)
    new = [find for find in found if find.sentence_id not in known and find.number >= frozen.first_upcoming]
    write = UnitOfWork(telling(resources.lake, resources.state, frozen, new), taken.write)
    return len(read) if rows.read(frozen.id, read, found, write) else 0


def _gap(reader: Reader) -> int:
    """Return how far apart conversations may be to be read together: a reader with a cost reads no others."""
    return 0 if isinstance(reader, QuestionReader) else _GAP


def _batches(numbers: Sequence[int], gap: int) -> Iterator[list[int]]:
    """Group neighbours into batches of at most ``BATCH``."""
    batch: list[int] = []
    for number in numbers:
        if batch and (len(batch) == BATCH or number - batch[-1] > gap + 1):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
