"""The address of a corpus in an object store, which never contains credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from workbench.domain.errors import InvalidArgument

_SCHEMES = ("s3", "s3a")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[\w!()'/.-]{0,500}", re.ASCII)
_GIVE = "give s3://bucket/folder"


@dataclass(frozen=True, slots=True)
class Address:
    """A bucket, and the folder in it.

    Attributes:
        bucket: its name.
        prefix: of the name of each object; "" or ends with "/".
    """

    bucket: str
    prefix: str

    @property
    def url(self) -> str:
        """Return the address as it is shown and stored."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def address_of(url: str) -> Address:
    """Return the address in a URL.

    Raises:
        InvalidArgument: it is invalid, contains credentials, or refers to a store without compare-and-swap.
    """
    scheme, separator, _ = str(url).partition("://")
    if not separator:
        raise InvalidArgument(f"corpus: not the address of a store; {_GIVE}, or leave it out for a local corpus")
    try:
        parts = urlsplit(str(url))
    except ValueError:
        raise InvalidArgument(f"corpus: not a valid URL; {_GIVE}") from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise InvalidArgument(
            "corpus: the URL holds a password or other settings, which would be kept in files; give s3://bucket/folder "
            "alone, and the credentials in the environment, such as AWS_PROFILE or AWS_ACCESS_KEY_ID"
        )
    if scheme.lower() not in _SCHEMES:
        raise InvalidArgument(
            f"corpus: {scheme[:20]!r} is not supported: a corpus needs a store that replaces a file only if nobody "
            f"else has; {_GIVE} of S3 or a store that speaks its language, such as MinIO or R2, or a local folder"
        )
    prefix = parts.path.strip("/")
    if not _BUCKET.fullmatch(parts.netloc) or not _PREFIX.fullmatch(prefix) or _has_steps(prefix):
        raise InvalidArgument(f"corpus: not the name of a bucket and a folder of letters, digits, - and _; {_GIVE}")
    return Address(parts.netloc, f"{prefix}/" if prefix else "")


def _has_steps(prefix: str) -> bool:
    return bool(prefix) and any(step in ("", ".", "..") for step in prefix.split("/"))
