"""Actions on a saved question: publish it, pay for it, and train it further."""

from __future__ import annotations

from collections.abc import Mapping

import traitlets

from workbench.domain.plurals import plural
from workbench.domain.publications import Progress, Run, checked_past
from workbench.domain.streams import checked_address
from workbench.domain.texts import listed
from workbench.domain.trackers import TrackerKind
from workbench.widgets import credit_views, plan_views
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.protocol import CreditsView, PublishedResult, QuestionForm, SaveResult

LIFE = frozenset({"publish", "train", "credits", "top_up", "standing"})


class QuestionLife(WorkbenchWidget):
    """The part of the question builder that needs a saved tracker."""

    stage = traitlets.Unicode("").tag(sync=True)
    """The state of the saved tracker, such as ``draft`` or ``active``; empty for a new one."""

    paused = traitlets.Unicode("").tag(sync=True)
    """Why the workbench paused the tracker; empty if it did not."""

    run = traitlets.Unicode("").tag(sync=True)
    """The progress of its current version, and what blocks it; empty if there is nothing to say."""

    found = traitlets.Unicode("").tag(sync=True)
    """Its current results, and which versions found them; empty if it was never published."""

    def on_save(self, form: QuestionForm) -> SaveResult:
        """Create or update the tracker."""
        raise NotImplementedError

    def on_publish(
        self, form: QuestionForm, past: str | None = None, stream: str | None = None, email: str | None = None
    ) -> PublishedResult:
        """Save the tracker and publish it; ``email`` is notified of what the stream collects."""
        collected, told = (stream or "").strip(), (email or "").strip()
        if collected and told:
            checked_address(told)  # before anything is published
        past, tracker_id = checked_past(past), self.on_save(form)["tracker_id"]
        self._tracker().publish(past=past, stream=collected or None)
        if collected and told:
            self._notify(collected, told)
        self._stand()
        self._hub.announce(tracker_id, self)
        return {"tracker_id": tracker_id, "message": plan_views.published(past)}

    def _notify(self, name: str, email: str) -> None:
        stream = self.workspace.streams.get(name)
        if email not in [one.target for one in stream.channels]:
            stream.notify(email=email)

    def on_train(self, name: str) -> SaveResult:
        """Create a tracker of examples for the same concept, to train further.

        Its first round is what this one finds now.
        """
        made = self._tracker().to_examples(name.strip())
        self._hub.announce(made.id, self)
        return {"tracker_id": made.id, "notes": ""}

    def on_credits(self) -> CreditsView:
        """Return the credits, and the ledger of what added and spent them."""
        return credit_views.credits(self.workspace.credits, self.workspace.lake.zone)

    def on_top_up(self, amount: float, note: str = "") -> CreditsView:
        """Add credits; trackers that were paused for lack of them stay paused until they are published again."""
        self.workspace.credits.top_up(amount, note.strip())
        return self.on_credits()

    def on_standing(self) -> bool:
        """Update the progress of its current version; return whether it is still reading past calls."""
        return self._stand()

    def _stand(self) -> bool:
        tracker = self._tracker() if self.tracker_id else None
        if tracker is None or tracker.kind is not TrackerKind.QUESTION:
            self.stage = self.paused = self.run = self.found = ""
            return False
        current = tracker.current_version()
        progress = None if current is None else current.progress()
        with self.hold_sync():
            self.stage, self.paused = str(tracker.state), tracker.spec.pause_reason or ""
            self.run = "" if progress is None else in_words(progress)
            self.found = "" if current is None else found_in_words(tracker.found_by_version())
        return progress is not None and progress.state is Run.RUNNING


def found_in_words(found: Mapping[int, int]) -> str:
    """Return text such as "Found so far: 40 sentences by version 2 and 25 by version 1."."""
    if not found:
        return "Found so far: nothing."
    (version, count), *others = found.items()
    first = f"{plural(count, 'sentence')} by version {version}"
    parts = [first, *(f"{count:,} by version {version}" for version, count in others)]
    return f"Found so far: {listed(parts)}."


def in_words(progress: Progress) -> str:
    """Return text such as "Reading past calls: 322 of 1,008."."""
    said = []
    if progress.state is Run.RUNNING:
        said.append(f"Reading past calls: {progress.done:,} of {progress.total:,}.")
    elif progress.state is not Run.DONE:
        said.append(f"Past calls: {progress.done:,} of {progress.total:,} are read. {progress.message}")
    if progress.waiting:
        said.append(f"New calls waiting: {progress.waiting}.")
    if progress.unjudged:
        said.append(f"Could not be judged; will be retried: {progress.unjudged:,}.")
    return " ".join(said)
