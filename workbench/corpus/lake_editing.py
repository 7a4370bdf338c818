"""Changes to a corpus: conversations imported again with other content, values set later, and deletion."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workbench.corpus import changes, placing
from workbench.corpus.aligning import aligned
from workbench.corpus.appending import AppendOutcome, batch_of, judged
from workbench.corpus.company.telling import kept_sides
from workbench.corpus.content_hashes import ContentHash
from workbench.corpus.crm.call_keys import CallKeys, call_keys
from workbench.corpus.formats.neutral_model import NeutralFormError
from workbench.corpus.formats.reasons import shown
from workbench.corpus.heads import HeadRow, changed_names, head_of, kept_in, table_of, with_set
from workbench.corpus.lake_files import LakeFiles
from workbench.corpus.manifest import Manifest, part_files, read_manifest
from workbench.corpus.merging import merge_small, sweep
from workbench.corpus.people import person_of
from workbench.corpus.redaction.kinds import PLACEHOLDER
from workbench.corpus.remote import publishing
from workbench.corpus.remote.gone import add_gone, forget_gone, gone_keys
from workbench.corpus.remote.outrun import again_when_outrun
from workbench.corpus.repeats import is_checked, mark_checked
from workbench.corpus.rewriting import NewOrNone, NewRows, rewritten
from workbench.corpus.schema import CONVERSATIONS
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.tables import Item
from workbench.domain.aliases import NO_ALIASES, AliasTable, key_of
from workbench.domain.changes import Change, Changed
from workbench.domain.files import cannot_write, writing_to
from workbench.domain.names import name_key
from workbench.domain.time_zones import UTC_ZONE

_AS_BEFORE = "the corpus is as it was before"
_REDACTED = (
    "was redacted when it was imported, and this content is not; import it with redact, "
    "or give this conversation an id of its own"
)
_ANOTHER = (
    "is the name of a file that was imported before, and the two have almost nothing in common; import this one with a "
    "prefix if it is another call, or delete the earlier one first"
)
_FEW, _LEAST = 3, 0.1  # sentences: fewer are not conclusive; and the share of them that a corrected call keeps
_COLUMNS = ", ".join(CONVERSATIONS.names)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a conversation was not changed."""

    id: str
    reason: str


class LakeEditing(LakeFiles):
    """Changes to conversations, each made completely or not at all; their consequences are noted until settled."""

    @again_when_outrun
    def replace(self, items: Sequence[Item], unit: SplitUnit = "sentence") -> list[AppendOutcome]:
        """Replace the conversations with these ids if their content differs; return the outcome of each.

        Their numbers stay, and so does what was set since they were imported. One that does not exist, or already has
        this content, is left alone.
        """

        def plan(rows: Mapping[str, HeadRow]) -> Iterator[tuple[Changed | Refused, NewRows | None]]:
            for item in items:
                id_ = item.conversation.id
                if id_ in rows and outcomes[id_].state == "changed":
                    yield self._replaced(item, rows[id_], unit)

        with writing_to(self.root, _AS_BEFORE, self._read_only), self._changing() as manifest:
            ids = [item.conversation.id for item in items]
            found = judged(items, self._database.known(ids), "replace")
            outcomes = dict(zip(ids, found, strict=True))
            for one in self._change(manifest, ids, plan):
                if isinstance(one, Refused):
                    outcomes[one.id] = AppendOutcome("refused", one.reason)
                else:
                    outcomes[one.id] = AppendOutcome("changed", str(one))
        return [outcomes[id_] for id_ in ids]

    def known_ids(self, ids: Collection[str]) -> set[str]:
        """Return which of these are ids of conversations."""
        return set(self._known(list(ids)))

    def said_of(self, ids: Collection[str]) -> dict[str, str]:
        """Return keys of what is said in the conversations with these ids; empty if none was stored."""
        found = self._known(list(ids))
        return {id_: ContentHash.of(one.content_hash).said for id_, one in found.items()}

    def said_keys(self, keys: Collection[int]) -> set[int]:
        """Return which of these are keys of texts in the corpus."""
        sql = "SELECT DISTINCT text_key FROM sentences WHERE text_key IN (SELECT unnest(?::BIGINT[]))"
        return {key for (key,) in self._cursor().execute(sql, [list(keys)]).fetchall()}

    def ids_with(self, party: str, aliases: AliasTable = NO_ALIASES) -> list[str]:
        """Return the conversations with a participant who has this e-mail address, name or id, or an alias of it.

        Case, width and outer spaces do not count, and only the whole value matches. An alias counts as in lists of
        people: someone's address before their name, so that two people with one name stay distinct.
        """
        sql = "SELECT id, parties FROM conversations ORDER BY number"
        wanted, main = name_key(party), aliases.mains("person").get(key_of(party))

        def is_meant(one: Mapping[str, Any]) -> bool:
            if any(one[name] is not None and name_key(one[name]) == wanted for name in ("id", "name", "email")):
                return True
            return main is not None and main == person_of(one["email"], one["name"], aliases)

        found = self._cursor().execute(sql).fetchall()
        return [id_ for id_, parties in found if any(map(is_meant, parties or ()))]

    def call_keys(self) -> list[CallKeys]:
        """Return the keys to find each conversation if its id is not given."""
        return call_keys(self._cursor())

    def numbers_of(self, ids: Collection[str]) -> dict[str, int]:
        """Return the numbers of the conversations with these ids."""
        sql = "SELECT id, number FROM conversations WHERE id IN (SELECT unnest(?::VARCHAR[]))"
        return dict(self._cursor().execute(sql, [list(ids)]).fetchall())

    def begun_before(self, moment: datetime) -> list[str]:
        """Return the ids of the conversations that began before a moment."""
        sql = "SELECT id FROM conversations WHERE started < ? ORDER BY number"
        return [id_ for (id_,) in self._cursor().execute(sql, [moment]).fetchall()]

    @again_when_outrun
    def set_heads(self, values: Mapping[str, Mapping[str, Any]], zone: ZoneInfo = UTC_ZONE) -> list[Changed | Refused]:
        """Set properties of conversations other than their sentences, by id, in the neutral form.

        Starts without an offset are local times of ``zone``.

        Returns what changed, and what could not be used; conversations that already have these values, and unknown
        ones, are in neither.
        """

        def plan(rows: Mapping[str, HeadRow]) -> Iterator[tuple[Changed | Refused, NewRows | None]]:
            for id_, row in rows.items():
                try:
                    head = head_of(row, values[id_], zone)
                except NeutralFormError as error:
                    yield Refused(id_, str(error)), None
                    continue
                if changed := changed_names(row, head):
                    yield Changed(number=row["number"], id=id_, heads=changed), NewRows(conversation=table_of(head))

        with writing_to(self.root, _AS_BEFORE, self._read_only), self._changing() as manifest:
            return self._change(manifest, list(values), plan)

    @again_when_outrun
    def delete(self, ids: Collection[str]) -> list[Changed]:
        """Delete conversations, with all their sentences; the numbers of the others stay.

        Their files are deleted once nobody reads them any more: see :meth:`sweep`.
        """

        def plan(rows: Mapping[str, HeadRow]) -> Iterator[tuple[Changed | Refused, NewRows | None]]:
            for id_, row in rows.items():
                gone = dict(self._said(row["number"]))
                yield Changed(number=row["number"], id=id_, gone=gone, deleted=True), None

        with writing_to(self.root, _AS_BEFORE, self._read_only), self._changing() as manifest:
            return [one for one in self._change(manifest, list(ids), plan) if isinstance(one, Changed)]

    @again_when_outrun
    def sweep(self) -> bool:
        """Delete files that nothing refers to any more; return whether none remains, as they may still be in use."""
        if self.is_empty:
            return True
        with self._changing() as manifest:
            self._database.let_go()
            sweep(self.root, manifest)
            named = {part.name for part in manifest.parts}
            are_gone = not any(name not in named for name in part_files(self.root))
            return publishing.sweep_store(self.root) and are_gone

    def are_read_in_place(self, ids: Collection[str]) -> bool:
        """Return whether one of these conversations is in a file that others may hold open, to read it in place."""
        numbers = self.numbers_of(ids).values()
        large = [part.numbers for part in self._manifest().parts if part.sentences >= placing.LEAST]
        return any(first <= number < end for number in numbers for first, end in large)

    def pending_changes(self) -> list[Change]:
        """Return the changes that the state has not followed yet, the earliest first.

        Raises:
            WorkspaceDamaged: a note of them is damaged.
        """
        found = changes.pending(self.root, self._manifest())
        elsewhere = publishing.settled_notes(self.root, [one.name for one in found])
        for one in found:
            if one.name in elsewhere:
                add_gone(self.root, (key for call in one.conversations if call.deleted for key in call.gone.values()))
                changes.settle(self.root, one.name)
        return [one for one in found if one.name not in elsewhere]

    def is_pending(self, name: str) -> bool:
        """Return whether this change is still unsettled, here or in another folder of this corpus."""
        return changes.is_noted(self.root, name) and not publishing.settled_notes(self.root, [name])

    def settle(self, name: str) -> None:
        """Delete the note of a change that the state has followed."""
        publishing.settle_note(self.root, name)
        changes.settle(self.root, name)

    def gone_keys(self) -> list[int]:
        """Return keys of texts that were deleted from the corpus elsewhere, and may still have vectors here."""
        return gone_keys(self.root)

    def forget_gone(self) -> None:
        """Delete these keys, once they have no vectors."""
        forget_gone(self.root)

    @contextmanager
    def _changing(self) -> Iterator[Manifest]:
        with self._replica.writing():
            yield read_manifest(self.root)

    def _change(
        self,
        manifest: Manifest,
        ids: Sequence[str],
        plan: Callable[[Mapping[str, HeadRow]], Iterator[tuple[Changed | Refused, NewRows | None]]],
    ) -> list[Changed | Refused]:
        """Make the planned changes to the conversations with these ids; the caller holds the writers' lock."""
        if not manifest.parts:
            return []
        outcomes, wanted = [], dict[int, NewRows | None]()
        for outcome, new in plan(self._heads(ids)):
            outcomes.append(outcome)
            if isinstance(outcome, Changed):
                wanted[outcome.number] = new
        made = [one for one in outcomes if isinstance(one, Changed)]
        if made:
            was_checked = is_checked(self.root, manifest)
            wanted |= self._copies([one.number for one in made if one.deleted])
            after = self._written(manifest, wanted, made)
            if was_checked:
                mark_checked(self.root, after)
            after = merge_small(self.root, after)
            self._database.let_go()
            sweep(self.root, after)
        return outcomes

    def _written(self, manifest: Manifest, wanted: NewOrNone, made: Sequence[Changed]) -> Manifest:
        try:
            unsettled = changes.unsettled(self.root, manifest)
            change = changes.note(self.root, manifest, made)
            after = replace(rewritten(self.root, manifest, wanted), changes=(*unsettled, change.name))
            publishing.publish(self.root, after)
        except OSError as error:
            raise cannot_write(error, self.root, _AS_BEFORE) from None
        return after

    def _replaced(self, item: Item, row: HeadRow, unit: SplitUnit) -> tuple[Changed | Refused, NewRows | None]:
        kept = kept_sides(replace(item, conversation=kept_in(item.conversation, row)), row)
        batch, reasons = batch_of([kept], unit)
        if not len(batch):
            return Refused(row["id"], reasons[row["id"]]), None
        tables = batch.tables()
        conversation = with_set(tables.conversations, row)
        said = self._texts(row["number"])
        if item.redacted is None and _was_redacted([row["title"], *(text for _, _, text in said)], item):
            return Refused(row["id"], f"id {shown(row['id'])} {_REDACTED}"), None
        before = [(id_, key) for id_, key, _ in said]
        after = list(zip(tables.sentences["id"].to_pylist(), tables.sentences["text_key"].to_pylist(), strict=True))
        pairs = aligned([key for _, key in before], [key for _, key in after])
        if item.named_by_file and _is_another(len(before), len(after), len(pairs)):
            return Refused(row["id"], f"id {shown(row['id'])} {_ANOTHER}"), None
        stay = {old for old, _ in pairs}
        changed = Changed(
            number=row["number"],
            id=row["id"],
            heads=changed_names(row, conversation.to_pylist()[0]),
            renamed={before[old][0]: after[new][0] for old, new in pairs if before[old][0] != after[new][0]},
            gone=dict(one for at, one in enumerate(before) if at not in stay),
            texts={said[at][0]: _pair(said, at) for at in range(len(said)) if at not in stay},
            new=len(after) - len(pairs),
        )
        return changed, NewRows(conversation=conversation, turns=tables.turns, sentences=tables.sentences)

    def _heads(self, ids: Sequence[str]) -> dict[str, HeadRow]:
        sql = f"SELECT {_COLUMNS} FROM conversations WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY number"
        rows = self._cursor().sql(sql, params=[list(ids)]).to_arrow_table().to_pylist()
        return {row["id"]: row for row in rows}

    def _said(self, number: int) -> list[tuple[str, int]]:
        """Return the sentences of a conversation: id and text key."""
        return [(id_, key) for id_, key, _ in self._texts(number)]

    def _texts(self, number: int) -> list[tuple[str, int, str]]:
        """Return the sentences of a conversation: id and text."""
        sql = "SELECT id, text_key, text FROM sentences WHERE number = ? ORDER BY row"
        return self._cursor().execute(sql, [number]).fetchall()

    def _copies(self, numbers: Sequence[int]) -> dict[int, None]:
        """Return the hidden copies of conversations to delete."""
        sql = "SELECT number FROM repeats WHERE first IN (SELECT unnest(?::BIGINT[]))"
        return dict.fromkeys(number for (number,) in self._cursor().execute(sql, [list(numbers)]).fetchall())


def _is_another(before: int, after: int, stay: int) -> bool:
    """Return whether two calls with one name are different calls, by the number of sentences they have and share."""
    return min(before, after) >= _FEW and stay < _LEAST * min(before, after)


def _was_redacted(before: Iterable[str | None], item: Item) -> bool:
    """Return whether something was redacted before, but nothing is in the replacement."""
    new = (item.conversation.title, *(turn.text for turn in item.conversation.turns))
    return _has_placeholder(before) and not _has_placeholder(new)


def _has_placeholder(texts: Iterable[str | None]) -> bool:
    return any(text and re.search(PLACEHOLDER, text) for text in texts)


def _pair(said: Sequence[tuple[str, int, str]], at: int) -> tuple[str, str]:
    """Return what was said before a sentence, and the sentence."""
    return (said[at - 1][2] if at else "", said[at][2])
