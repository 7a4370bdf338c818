"""What a workspace tells of its conversations, and of sentences by meaning."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from workbench.corpus.limits import LanguageAdvice, language_advice
from workbench.corpus.views import Counts, Facets
from workbench.domain.filters import Filters
from workbench.domain.progress import OnProgress
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.metrics.call import Call
from workbench.training.suggestions import Suggestions
from workbench.workspace.opened import OpenedWorkspace


class CorpusMethods(OpenedWorkspace):
    """Counts, facets, vectors and similar sentences."""

    def encode(self, progress: OnProgress | bool | None = None) -> int:
        """Makes the vectors that are missing, one a distinct text; gives their number.

        Each batch is on disk before the next begins, so an interrupted run goes on where it was. ``progress`` is
        called with texts done and texts in all, or True shows a bar. Warns where the encoder is for English alone and
        many calls are not.

        Raises:
            EncoderUnavailable: its model cannot be loaded.
        """
        advice = self.language_advice()
        if advice is not None:
            warnings.warn(advice.message, stacklevel=2)
        return self.resources.vectors.encode(progress)

    def language_advice(self, filters: Filters | None = None) -> LanguageAdvice | None:
        """What to tell where the encoder is for English alone and many of the calls in these languages are not."""
        if getattr(self.encoder, "model", None) != DEFAULT_MODEL:
            return None
        return language_advice(self.lake.languages(filters.languages if filters is not None else ()))

    def counts(self, filters: Filters | None = None) -> Counts:
        """Conversations, calls and sentences that match."""
        return self.lake.counts(filters if filters is not None else Filters())

    def facets(self) -> Facets:
        """What there is to filter by."""
        return self.lake.facets()

    def call(self, conversation_id: str) -> Call:
        """One conversation, to log metrics and events to; raises ``ConversationNotFound``."""
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
        """Real sentences by words and by meaning, to be used as examples; see :mod:`workbench.training.suggestions`.

        Where the corpus is not encoded, or the encoder can't be had, it goes by words alone and ``note`` says so.
        """
        return self._suggester.find(query, filters if filters is not None else Filters(), count, examples, wait)

    @property
    def is_encoded(self) -> bool:
        """Whether there are vectors of this workspace's encoder; asking starts no encoder."""
        return self.resources.is_encoded
