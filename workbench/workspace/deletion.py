"""Deletes conversations for good: what is said in them, what was found and answered there, and everything derived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.corpus.lake import Lake
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters
from workbench.domain.names import name_key
from workbench.domain.plurals import plural
from workbench.live.journal import journals
from workbench.resources import Resources
from workbench.resources.changes import follow_changes
from workbench.resources.corpus_place import told_of_store
from workbench.store.learnt import versions_taught_by
from workbench.store.vacuum import vacuum

AT_ONCE = 1_000  # conversations that are deleted together
_COUNTED = {
    "sentences": ("sentence",),
    "finds": ("find",),
    "answers": ("answer",),
    "notes": ("note",),
    "messages": ("message",),
    "metrics": ("metric",),
    "vectors": ("vector",),
    "live": ("live", "live"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionReceipt:
    """What was deleted, as counts without content.

    Attributes:
        at: when.
        calls: how many conversations.
        sentences: how many of their sentences.
        finds: how many of the sentences that trackers had found.
        answers: how many answers about them.
        notes: how many reports of wrong finds.
        messages: how many messages mentioned them and no longer do.
        metrics: how many values of metrics and logged events.
        vectors: how many vectors; texts that are also said elsewhere keep theirs.
        live: how many journals of live calls.
        versions: published versions that learnt from their sentences, such as "Price 2"; publish these trackers again.
        backups: earlier copies in the workspace's folder that may contain them; delete those too.
        aliases: how many other spellings of the person (``ws.aliases``) were included; they stay in the list.
        held: whether they were in files that are read in place. Another kernel or server that has such a file open
            keeps it on disk until it next uses the workspace, or ends.
        store: where copies may remain if the corpus is stored in a bucket; empty if it is not.
        vacuumed: whether nothing is left in freed space on the disk; if not, run ``workbench delete --vacuum`` later.
    """

    at: datetime
    calls: int
    sentences: int = 0
    finds: int = 0
    answers: int = 0
    notes: int = 0
    messages: int = 0
    metrics: int = 0
    vectors: int = 0
    live: int = 0
    versions: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    aliases: int = 0
    held: bool = False
    store: str = ""
    vacuumed: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON types."""
        return asdict(self) | {"at": self.at.isoformat()}

    def __str__(self) -> str:
        counts = {name: getattr(self, name) for name in _COUNTED}
        told = ", ".join(plural(count, *_COUNTED[name]) for name, count in counts.items() if count)
        lines = [f"{plural(self.calls, 'call')} deleted" + (f" with {told}" if told else "")]
        if self.versions:
            lines.append(f"These versions learnt from their sentences; publish them again: {', '.join(self.versions)}")
        if self.aliases:
            lines.append(
                f"Also deleted under {plural(self.aliases, 'alias', 'aliases')}; `workbench aliases` lists them"
            )
        if self.backups:
            lines.append(f"These may still contain them; delete them too: {', '.join(self.backups)}")
        if self.held:
            lines.append("Kernels and servers that had them open may keep an old file on the disk; restart idle ones")
        if self.store:
            lines.append(self.store)
        if not self.vacuumed:
            lines.append("Freed disk space may still contain them; run `workbench delete --vacuum` later")
        return "\n".join(lines)


def chosen(lake: Lake, calls: Collection[str] | None, filters: Filters | None, party: str | None) -> list[str]:
    """Return the ids of the conversations to delete, in the order of their import.

    Raises:
        InvalidArgument: not exactly one of the three is given.
    """
    given = [one for one in (calls, filters, party) if one is not None]
    if len(given) != 1:
        raise InvalidArgument("give exactly one of calls (ids), filters and party (an e-mail address, a name or an id)")
    if isinstance(calls, str):
        raise InvalidArgument(f"calls: give a list of ids, not the single text {calls!r}")
    if calls is not None:
        known = lake.known_ids(list(calls))
        return [one for one in dict.fromkeys(calls) if one in known]
    if filters is not None:
        return list(lake.conversations(filters)["id"])
    return lake.ids_with(str(party), lake.conventions().aliases)


def other_spellings(lake: Lake, party: str | None) -> tuple[str, ...]:
    """Return a person's other names and addresses from the workspace's aliases; none if no party is given."""
    if party is None:
        return ()
    spellings = lake.conventions().aliases.spellings("person", party)
    return tuple(one for one in spellings if name_key(one) != name_key(party))


def delete(resources: Resources, ids: Sequence[str], at: datetime, aliases: int = 0) -> DeletionReceipt:
    """Delete these conversations. If interrupted, the deletion continues when the workspace is next opened.

    ``aliases`` is how many aliases were used to find them.
    """
    path, lake, state = resources.path, resources.lake, resources.state
    sentences, counts = 0, follow_changes(path, lake, state)
    versions: list[str] = []
    held = False
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        versions += [one for one in versions_taught_by(state, some) if one not in versions]
        held = held or lake.are_read_in_place(some)
        changed = lake.delete(some)
        sentences += sum(len(one.gone) for one in changed)
        counts += follow_changes(path, lake, state)
    swept = lake.sweep() if ids else True
    return DeletionReceipt(
        at=at,
        calls=len(ids),
        sentences=sentences,
        finds=counts["detections"],
        answers=counts["answers"],
        notes=counts["wrong_hits"],
        messages=counts["messages"],
        metrics=counts["metric_values"] + counts["metric_events"],
        vectors=counts["vectors"],
        live=_drop_journals(path, set(ids)),
        versions=tuple(versions),
        backups=tuple(sorted(f"backups/{one.name}" for one in (path / "backups").glob("*"))) if ids else (),
        aliases=aliases,
        held=held,
        store=told_of_store(lake.root) if ids else "",
        vacuumed=(vacuum(state) and swept) if ids else True,
    )


def _drop_journals(path: Path, ids: Collection[str]) -> int:
    dropped = 0
    for one in journals(path / "live", forget=False):
        heading = one.heading
        if heading is not None and heading.call_id in ids:
            one.drop()
            dropped += 1
    return dropped
