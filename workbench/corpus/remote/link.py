"""What a copy of a corpus knows about the original: its address, its owner, and the version last seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.corpus.manifest import LINK
from workbench.corpus.remote.address import address_of
from workbench.corpus.remote.s3 import S3Store
from workbench.corpus.remote.store import ObjectStore
from workbench.domain import plain_json
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import plain_bytes, write_whole

_MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Link:
    """The link to the original of a corpus.

    Attributes:
        url: the store's URL.
        owner: names the workspace whose corpus it is.
        seen: the mark of the copy's manifest; None if it has none yet.
    """

    url: str
    owner: str
    seen: str | None = None


def read_link(root: Path) -> Link:
    """Return the link of the copy in ``root``; raises ``WorkspaceDamaged``."""
    file = root / LINK
    try:
        found = plain_json.loads(plain_bytes(file, _MOST_BYTES))
        link = Link(str(found["url"]), str(found["owner"]), found["seen"] and str(found["seen"]))
        address_of(link.url)
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError) as error:
        remedy = "take it away, and open the workspace, which makes it again"
        raise WorkspaceDamaged(f"{file}: damaged ({type(error).__name__}); {remedy}") from None
    return link


def write_link(root: Path, link: Link) -> None:
    """Replace the link in one step."""
    write_whole(root / LINK, plain_json.dumps(asdict(link)).encode())


def store_at(url: str) -> ObjectStore:
    """Return the store at a URL; raises ``InvalidArgument``."""
    return S3Store(address_of(url))
