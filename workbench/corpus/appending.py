"""The outcome for conversations to be added: added, already known, or refused with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from workbench.corpus.clean_names import with_clean_names
from workbench.corpus.content_hashes import HASH_DIGITS
from workbench.corpus.formats.reasons import shown
from workbench.corpus.languages import with_language
from workbench.corpus.local_starts import hashes_of
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.tables import Batch, Item


@dataclass(frozen=True, slots=True)
class AppendOutcome:
    """The outcome for one conversation; ``reason`` says why it was refused, or what has changed in it."""

    state: Literal["added", "unchanged", "changed", "kept", "refused"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KnownConversations:
    """Data to decide whether a conversation is already in the corpus."""

    content_hash: str
    media: str | None = None


OnChange = Literal["replace", "keep", "reject"]
"""What to do with a conversation whose id is known but whose content differs.

Replace the earlier one, keep it, or report the new one as rejected.
"""

_MAX_STEPS_TO_RECORDING = 12

ADDED, UNCHANGED, KEPT = AppendOutcome("added"), AppendOutcome("unchanged"), AppendOutcome("kept")


def judged(
    items: Sequence[Item], known: Mapping[str, KnownConversations], on_change: OnChange = "reject"
) -> list[AppendOutcome]:
    """Decide the outcome for each item, given what the corpus contains; of two with one id the first counts."""
    found, met = dict(known), set[str]()
    outcomes = []
    for item in items:
        name = item.conversation.id
        earlier = found.get(name)
        if earlier is None:
            outcomes.append(ADDED)
        elif _is_same(item, earlier):
            outcomes.append(UNCHANGED)
        else:
            outcomes.append(_changed(item, "reject" if name in met else on_change))
        if outcomes[-1].state in ("added", "changed"):
            found[name] = KnownConversations(item.content_hash, item.conversation.media)
        met.add(name)
    return outcomes


def batch_of(items: Iterable[Item], unit: SplitUnit) -> tuple[Batch, dict[str, str]]:
    """Make rows of the items; return why some could not be made, by id."""
    batch, reasons = Batch(unit), {}
    for item in items:
        try:
            batch.add(replace(item, conversation=with_language(with_clean_names(item.conversation))))
        except BaseException as error:
            if not is_fault(error):
                raise
            reasons[item.conversation.id] = f"cannot be imported: {str(error) or type(error).__name__}"
    return batch, reasons


def is_fault(error: BaseException) -> bool:
    """Return whether an error concerns one item alone; a panic of a library in Rust is not an ``Exception``."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _is_same(item: Item, earlier: KnownConversations) -> bool:
    """Compare by the content as given; earlier versions hashed it with the path at which they found the recording.

    An export names the recording by that path, while the file that was first imported had only its end.
    """
    kept = earlier.content_hash[:HASH_DIGITS]
    if kept in (item.content_hash, *item.former):
        return True
    written = item.written or item.conversation
    if not (written.media and earlier.media) or Path(written.media).name != Path(earlier.media).name:
        return False
    return any(
        kept in hashes_of(replace(written, media=media), item.conversation.started) for media in _ends_of(earlier.media)
    )


def _ends_of(path: str) -> list[str]:
    """Return a path and its suffixes: what relative paths to the same file may be."""
    parts = Path(path).parts[-_MAX_STEPS_TO_RECORDING:]
    return [path, *(Path(*parts[at:]).as_posix() for at in range(1, len(parts)))]


def _changed(item: Item, on_change: OnChange) -> AppendOutcome:
    if on_change == "replace":
        return AppendOutcome("changed")
    if on_change == "keep":
        return KEPT
    id_ = shown(item.conversation.id)
    reason = f"id {id_} is in the corpus with other content; replace it, or give this conversation an id of its own"
    return AppendOutcome("refused", reason)
