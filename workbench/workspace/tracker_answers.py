"""A tracker's answers: exported as tables and files, and imported from elsewhere."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd

from workbench.domain.annotators import checked_user
from workbench.domain.errors import InvalidArgument
from workbench.store.past_texts import past_texts_of
from workbench.store.sessions import SessionRepository
from workbench.training.answer_tables import answer_table, write_answers
from workbench.training.label_matching import TextMatch
from workbench.training.label_rows import AnswerProblem, LabelSource, label_rows
from workbench.training.session_imports import AnswersReport
from workbench.workspace.tracker_training import TrackerTraining


class AnsweredTracker(TrackerTraining):
    """Exports and imports of a tracker's answers."""

    def answers(self, context: int = 2) -> pd.DataFrame:
        """Return everyone's current answers, one per row, in the order in which sentences were asked.

        Columns: sentence_id, conversation_id, title, started, start_s, speaker, side, before, text, after, answer,
        annotator, at, counts (the answer that training uses, of all that people gave), settles, round, position,
        reason, probability (None if the sentence was not drawn at random), score, complete (of its round). ``before``
        and ``after`` have up to ``context`` sentences of the conversation, one per line. If a sentence is gone, the
        columns have what is still stored.

        Raises:
            InvalidArgument: ``context`` is not a whole number from 0 to 20.
        """
        stored = SessionRepository(self._resources.state, self.id)
        asked = stored.asked()
        past = past_texts_of(self._resources.state, [item.sentence_id for item in asked if item.given])
        return answer_table(self._resources.lake, asked, stored.closed(), past, context)

    def export_answers(self, path: str | os.PathLike[str], context: int = 2, bom: bool = False) -> Path:
        """Write :meth:`answers` to a .csv or .jsonl file and return the file; an existing one is overwritten.

        In CSV, an apostrophe is put before text that looks like a formula; ``wb.read_csv`` removes it. ``bom`` adds a
        byte order mark, for spreadsheets. The file contains words from calls.

        Raises:
            InvalidArgument: the file has another ending, or ``context`` is out of range.
        """
        return write_answers(self.answers(context), path, bom)

    def import_answers(
        self,
        source: LabelSource,
        *,
        label: str | None = None,
        annotator: str | None = None,
        match: TextMatch = "only",
        teach_only: bool = False,
    ) -> AnswersReport:
        """Import answers given in another tool; the tracker learns from them, but they do not count in estimates.

        ``source`` is a CSV file of any dialect, a JSON or JSON Lines file such as Label Studio, Prodigy and doccano
        export, a DataFrame, or dicts. A row has an ``answer`` (or ``label``), and says which sentence it is about: by
        ``sentence_id``, by ``text``, or by ``conversation_id`` and ``start_s``; ``annotator`` and ``at`` are optional.
        Existing answers never change; imported ones that differ are reported as conflicting.

        If the answers come from a tracker with the same definition over the same calls, its rounds are drawn again.
        Answers in a round that asks the same sentences count as they did there.

        Args:
            source: the answers.
            label: the label that means YES, if labels are names; any other label is NO.
            annotator: who gave the answers of rows that name nobody; by default the user of the workspace.
            match: "only" accepts a text that a single sentence has; "all" answers every sentence that has it.
            teach_only: learn from the texts alone, and leave the corpus's sentences unanswered.

        Raises:
            FileNotFoundError: ``source`` is a path that does not exist.
            InvalidArgument: it cannot be read, is too large, or has no column for the answer or the sentence.
            RoundIncomplete: the open round has answers; complete it first.
            WrongState: trackers of its kind are not trained.
            CorpusNotEncoded: run ``ws.encode()`` first.
        """
        if match not in ("only", "all"):
            raise InvalidArgument(f"match: must be only or all, not {match!r}")
        by = "" if annotator is None else checked_user(annotator)
        rows = [
            one if isinstance(one, AnswerProblem) or one.annotator or not by else replace(one, annotator=by)
            for one in label_rows(source, label)
        ]
        vectors = self._resources.vectors
        return self.train().take_answers(rows, lambda texts: vectors.of(texts, "sentences"), match, teach_only)
