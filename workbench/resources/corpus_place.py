"""Where a workspace's corpus is stored: in its folder, or in a store that its state names, without secrets."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from workbench.corpus.manifest import is_linked, part_files
from workbench.corpus.moving import bring, bring_back, join
from workbench.corpus.remote.address import address_of
from workbench.corpus.remote.link import read_link
from workbench.corpus.remote.publishing import keeps_versions
from workbench.domain.errors import CorpusUnavailable, InvalidArgument, WorkspaceDamaged
from workbench.resources.agreed_stores import agree_to, check_agreed
from workbench.store.settings import SettingRepository

SETTING = "corpus"


def corpus_url(state: Engine) -> str | None:
    """Return the URL of the store that holds the corpus; None if it is in the workspace's folder."""
    kept = SettingRepository(state).get(SETTING)
    return None if kept is None else str(kept["url"])


def attach(root: Path, state: Engine, url: str | None, read_only: bool = False) -> None:
    """Make the corpus's folder a copy of the store that the state names, or of ``url`` for a new one.

    Raises:
        InvalidArgument: the URL cannot be used, or the corpus lies elsewhere.
        CorpusUnavailable: the store cannot be used, or holds another corpus.
        WorkspaceNotTrusted: this user has not agreed to keep corpora where the state says.
        WorkspaceDamaged: folder and state do not belong together.
    """
    wanted = None if url is None else address_of(url).url
    kept = SettingRepository(state).get(SETTING)
    if wanted is not None and (kept is None or kept["url"] != wanted):
        if kept is not None or part_files(root):
            where = kept["url"] if kept is not None else root
            raise InvalidArgument(
                f"corpus: this workspace's corpus is in {where}; move it with `workbench corpus {wanted}`"
            )
        kept = _begin(root, state, wanted, read_only)
    if wanted is not None:
        agree_to(wanted)
    if kept is None:
        if is_linked(root):
            raise WorkspaceDamaged(
                f"{root}: contains a copy of a corpus that the state does not know; restore the state, or give the one "
                "that belongs to it"
            )
        return
    check_agreed(kept["url"])
    if not kept["made"]:
        bring(root, kept["url"], kept["id"])
        _write(state, kept | {"made": True})
    _link(root, kept)


def move(root: Path, state: Engine, url: str | None) -> None:
    """Move the corpus to a store, or back to the workspace's folder with None. Others wait, then continue there.

    Raises:
        InvalidArgument: the URL cannot be used.
        CorpusUnavailable: the store cannot be used, or holds another corpus; the corpus is where it was.
    """
    wanted = None if url is None else address_of(url).url
    if corpus_url(state) == wanted:
        return
    if corpus_url(state) is not None:
        bring_back(root)
        SettingRepository(state).set(SETTING, None)
    if wanted is not None:
        attach_made(root, state, wanted)


def told_of_store(root: Path) -> str:
    """Return where deleted conversations may remain if the corpus is in a store; "" if it is not."""
    if not is_linked(root):
        return ""
    copies = "Other machines that use this corpus delete their copies the next time they use it"
    kept = keeps_versions(root)
    if kept is None:
        return f"{copies}; could not check whether the bucket keeps earlier versions of its files"
    if kept:
        return f"{copies}; the bucket keeps earlier versions of its files; delete those too"
    return copies


def attach_made(root: Path, state: Engine, url: str) -> None:
    """Move a folder's corpus to a store; calling this agrees to the store."""
    agree_to(url)
    kept = _named(state, url)
    try:
        bring(root, url, kept["id"])
    except BaseException:
        if not is_linked(root):
            SettingRepository(state).set(SETTING, None)
        raise
    _write(state, kept | {"made": True})


def _begin(root: Path, state: Engine, url: str, read_only: bool) -> Mapping[str, Any]:
    if read_only:
        raise InvalidArgument("corpus: cannot be changed while the workspace is opened for reading only; leave it out")
    attach_made(root, state, url)
    found: Mapping[str, Any] = SettingRepository(state).get(SETTING)
    return found


def _named(state: Engine, url: str) -> dict[str, Any]:
    """Record where the corpus will be, and a name for it; of two at once, the first counts."""

    def name(before: Any) -> Mapping[str, Any]:
        if before is not None and before["url"] != url:
            raise InvalidArgument(f"corpus: this workspace's corpus is in {before['url']}")
        return {SETTING: before or {"url": url, "id": uuid.uuid4().hex, "made": False}}

    settings = SettingRepository(state)
    settings.change(SETTING, name)
    return dict(settings.get(SETTING))


def _write(state: Engine, value: Mapping[str, Any]) -> None:
    SettingRepository(state).set(SETTING, dict(value))


def _link(root: Path, kept: Mapping[str, Any]) -> None:
    """Make the folder the copy if it is not yet."""
    if is_linked(root):
        link = read_link(root)
        if (link.url, link.owner) == (kept["url"], kept["id"]):
            return
    if part_files(root):
        raise WorkspaceDamaged(
            f"{root}: not a copy of this workspace's corpus, which is in {kept['url']}; move this folder away"
        )
    try:
        join(root, kept["url"], kept["id"])
    except PermissionError:
        raise CorpusUnavailable(
            f"{kept['url']}: a copy of the corpus is needed in {root}, which cannot be written to; make it writable"
        ) from None
