"""The record of a live call: what its trackers find in it once it is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.corpus.ingest import IngestReport
from workbench.domain.conversations import Conversation
from workbench.domain.errors import WorkbenchError, WrongState
from workbench.domain.live import LiveEvent
from workbench.live.finds import Finder
from workbench.live.matching import ScoresByTracker
from workbench.reading.versions import version_reader
from workbench.resources import Resources
from workbench.results.standing import standing
from workbench.store.publications import PublicationRepository

Ingest = Callable[[Sequence[Conversation]], IngestReport]
"""Puts calls into the corpus, and has the active trackers read them."""
_COLUMNS = ["tracker", "sentence_id", "text", "speaker", "side", "start_s", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRecord:
    """The final results of a call. ``settled`` lists what was found or changed only at the end.

    ``latency_s`` is the median over sentences, from a turn's arrival until all trackers had judged it; None without a
    sentence.
    """

    call_id: str
    finds: tuple[LiveEvent, ...]
    settled: tuple[LiveEvent, ...] = ()
    latency_s: float | None = None

    @property
    def table(self) -> pd.DataFrame:
        """One find per row: tracker, sentence_id, text, speaker, side, start_s, score."""
        rows = [{name: getattr(one, name) for name in _COLUMNS} for one in self.finds]
        return pd.DataFrame(rows, columns=_COLUMNS)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Scores in a recorded call by sentence and tracker, who the trackers are, and those that could not read it."""

    found: Mapping[str, ScoresByTracker]
    finders: Mapping[str, Finder]
    unread: frozenset[str] = frozenset()

    def scores(self, sentence_id: str) -> ScoresByTracker:
        return self.found.get(sentence_id, {})


def imported(resources: Resources, ingest: Ingest, conversation: Conversation) -> Recorded:
    """Import the call into the corpus, let the active trackers read it, and return what they found.

    Raises:
        WrongState: another call with this id was imported in the meantime.
    """
    report = ingest([conversation])
    if report.rejected:
        raise WrongState(f"the call cannot be saved: {report.rejected[0].reason}")
    number = resources.lake.card(conversation.id).number
    found = standing(resources.state, resources.lake).in_conversations([number]).get(number, [])
    return _recorded((one.sentence_id, Finder(one.tracker_id, one.tracker, one.version), one.score) for one in found)


def read_again(resources: Resources, call_id: str) -> Recorded:
    """Return what the versions in use find in a call of the corpus when they read it now."""
    number = resources.lake.card(call_id).number
    rows, unread = [], set()
    for version in PublicationRepository(resources.state).in_use("active"):
        finder = Finder(version.tracker_id, version.definition["name"], version.version)
        try:
            found = version_reader(resources, version).read(range(number, number + 1))
        except WorkbenchError:
            unread.add(version.tracker_id)  # the reason was reported when the call began
            continue
        rows += [(one.sentence_id, finder, one.score) for one in found]
    return _recorded(rows, unread)


def _recorded(rows: Iterable[tuple[str, Finder, float]], unread: Iterable[str] = ()) -> Recorded:
    found: dict[str, ScoresByTracker] = {}
    finders: dict[str, Finder] = {}
    for sentence_id, finder, score in rows:
        found.setdefault(sentence_id, {})[finder.tracker_id] = score
        finders[finder.tracker_id] = finder
    return Recorded(found, finders, frozenset(unread))
