"""What a workspace knows about its conversations, and about the meaning of sentences."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.corpus.exporting import write_corpus
from workbench.corpus.limits import LanguageAdvice, language_advice
from workbench.corpus.views import Counts, Facets
from workbench.distributed import cluster_of, encode
from workbench.domain.conversations import Conversation
from workbench.domain.filters import Filters
from workbench.domain.progress import OnProgress
from workbench.engine.encoders import PACKAGED
from workbench.metrics.call import Call
from workbench.training.suggestions import Suggestions
from workbench.workspace.aliases import Aliases
from workbench.workspace.opened import OpenedWorkspace

if TYPE_CHECKING:
    from distributed import Client

_AT_ONCE = 500  # conversations in memory


class CorpusMethods(OpenedWorkspace):
    """Counts, facets, vectors and similar sentences."""

    def encode(self, progress: OnProgress | bool | None = None, *, client: Client | str | None = None) -> int:
        """Compute missing vectors, one per distinct text; return how many were added.

        Each batch is on disk before the next begins, so an interrupted run continues where it stopped. ``progress`` is
        called with the number of texts done and the total, or True shows a bar. Warns if the encoder is for English
        only and many calls are not.

        With ``client``, a Dask client or a scheduler's address, texts are encoded on the workers of that cluster; the
        same vectors are stored here. See docs/scale.md.

        Raises:
            EncoderUnavailable: its model cannot be loaded.
            ClusterUnavailable: the cluster cannot be used; says why.
        """
        advice = self.language_advice()
        if advice is not None:
            warnings.warn(advice.message, stacklevel=2)
        if client is None:
            return self.resources.vectors.encode(progress)
        with cluster_of(client) as cluster:
            return encode(self.resources, cluster, progress)

    def language_advice(self, filters: Filters | None = None) -> LanguageAdvice | None:
        """Return a warning if the encoder is for English only and many calls are in other languages, else None."""
        if getattr(self.encoder, "model", None) not in PACKAGED:
            return None
        return language_advice(self.lake.languages(filters.languages if filters is not None else ()))

    def counts(self, filters: Filters | None = None) -> Counts:
        """Count the conversations, calls and sentences that match."""
        return self.lake.counts(filters if filters is not None else Filters())

    def export_corpus(self, path: str | os.PathLike[str], filters: Filters | None = None) -> Path:
        """Write conversations to a .jsonl or .jsonl.gz file in the neutral format, labels included; return the file.

        Writes all of them, or those with a sentence that matches. Importing the file into the same workspace changes
        nothing. An existing file is overwritten.

        Raises:
            InvalidArgument: the file has another ending.
        """
        about = self.lake.about()
        numbers = about.index if filters is None else self.lake.pool(filters)["number"].unique().to_pylist()
        wanted = sorted(int(one) for one in numbers)
        return write_corpus(path, self._whole(wanted))

    def _whole(self, numbers: Sequence[int]) -> Iterator[Conversation]:
        for start in range(0, len(numbers), _AT_ONCE):
            yield from self.lake.whole(numbers[start : start + _AT_ONCE])

    def facets(self) -> Facets:
        """Return every value that can be filtered by, with counts."""
        return self.lake.facets()

    def people(self) -> pd.DataFrame:
        """Return who speaks, one person per row, those in the most conversations first.

        Columns: name (as it is most often written, or the main one of ``ws.aliases``), spellings, side, team,
        addresses (e-mail), calls and conversations in which they speak. Labels of speech recognition such as SPEAKER_00
        are left out.
        """
        return self.lake.speakers()

    @property
    def aliases(self) -> Aliases:
        """Which spellings of people, teams and accounts are one name: add, remove, table."""
        return Aliases(self.resources)

    def call(self, conversation_id: str) -> Call:
        """Return one conversation, to log metrics and events to; raises ``ConversationNotFound``."""
        return Call(self.resources, conversation_id)

    def similar_sentences(
        self,
        query: str = "",
        filters: Filters | None = None,
        count: int = 12,
        *,
        examples: Sequence[str] = (),
        wait: bool = True,
    ) -> Suggestions:
        """Find real sentences by words and by meaning, to use as examples; see :mod:`workbench.training.suggestions`.

        If the corpus is not encoded, or the encoder is unavailable, it searches by words only and ``note`` says so.
        """
        return self._suggester.find(query, filters if filters is not None else Filters(), count, examples, wait)

    @property
    def is_encoded(self) -> bool:
        """Return whether there are vectors of this workspace's encoder; does not start the encoder."""
        return self.resources.is_encoded
