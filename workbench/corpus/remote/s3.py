"""A folder in a bucket of S3, or of a compatible store, through s3fs.

Credentials, the region and the endpoint come from the environment, such as ``AWS_PROFILE`` and ``AWS_ENDPOINT_URL``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.corpus.remote.address import Address
from workbench.corpus.remote.store import ObjectChanged, ObjectMissing, StoredObject
from workbench.domain.errors import CorpusUnavailable

ATTEMPTS = 4  # of each request, a few seconds in total
_CONNECT_S, _READ_S = 10, 60
_MOST_DELETED = 1_000
_MISSING = ("NoSuchKey", "404", "NotFound")
_CHANGED = ("PreconditionFailed", "412", "ConditionalRequestConflict", "409")
_SAME = ("304", "NotModified")
_TOLD = {
    "NoSuchBucket": "there is no such bucket; create it, or give another",
    "AccessDenied": "not allowed; ask for the right, or use other credentials",
    "403": "not allowed; ask for the right, or use other credentials",
    "InvalidAccessKeyId": "the access key is unknown; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "SignatureDoesNotMatch": "the secret key is wrong; set AWS_PROFILE, or AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "the credentials have expired; sign in again",
    "NotImplemented": "this store cannot replace a file only if nobody else has; keep the corpus elsewhere",
}


class S3Store:
    """See :class:`workbench.corpus.remote.store.ObjectStore`."""

    def __init__(self, address: Address):
        self.address = address
        self._system: Any = None

    def read(self, name: str, unless: str | None = None) -> StoredObject | None:
        """See :class:`ObjectStore`."""
        only = {} if unless is None else {"IfNoneMatch": unless}
        try:
            with self._telling():
                found = self.call("get_object", Key=self._key(name), **only)
                return StoredObject(self._body(found), str(found["ETag"]))
        except _NotModified:
            return None

    def swap(self, name: str, data: bytes, mark: str | None) -> str:
        """See :class:`ObjectStore`."""
        only = {"IfNoneMatch": "*"} if mark is None else {"IfMatch": mark}
        try:
            with self._telling():
                return str(self.call("put_object", Key=self._key(name), Body=data, **only)["ETag"])
        except ObjectMissing:  # only moving a corpus deletes it
            raise ObjectChanged from None

    def upload(self, name: str, file: Path) -> None:
        """See :class:`ObjectStore`."""
        with self._telling():
            self._s3().put_file(str(file), f"{self.address.bucket}/{self._key(name)}")

    def download(self, name: str, file: Path) -> None:
        """See :class:`ObjectStore`."""
        with self._telling():
            self._s3().get_file(f"{self.address.bucket}/{self._key(name)}", str(file))

    def delete(self, names: Iterable[str]) -> None:
        """See :class:`ObjectStore`."""
        keys = [{"Key": self._key(name)} for name in names]
        for start in range(0, len(keys), _MOST_DELETED):
            with self._telling():
                told = self.call("delete_objects", Delete={"Objects": keys[start : start + _MOST_DELETED]})
            for error in told.get("Errors", ()):
                raise self._unavailable(_TOLD.get(str(error.get("Code")), str(error.get("Message"))[:200]))

    def sizes(self, under: str = "") -> dict[str, int]:
        """See :class:`ObjectStore`."""
        out, after = dict[str, int](), ""
        while True:
            with self._telling():
                found = self.call("list_objects_v2", Prefix=self._key(under), StartAfter=after)
            listed = found.get("Contents", ())
            out |= {one["Key"].removeprefix(self.address.prefix): int(one["Size"]) for one in listed}
            if not found.get("IsTruncated") or not listed:
                return out
            after = listed[-1]["Key"]

    def keeps_versions(self) -> bool | None:
        """See :class:`ObjectStore`."""
        try:
            with self._telling():
                return self.call("get_bucket_versioning").get("Status") in ("Enabled", "Suspended")
        except (CorpusUnavailable, ObjectMissing):
            return None

    def _key(self, name: str) -> str:
        return f"{self.address.prefix}{name}"

    def call(self, method: str, **options: Any) -> Any:
        """Call a method of boto3's client for the bucket; raises what s3fs and botocore do."""
        return self._s3().call_s3(method, Bucket=self.address.bucket, **options)

    def _body(self, found: Any) -> bytes:
        from fsspec.asyn import sync

        return bytes(sync(self._s3().loop, found["Body"].read))

    def _s3(self) -> Any:
        if self._system is None:
            try:
                from s3fs import S3FileSystem
            except ImportError:
                raise CorpusUnavailable(
                    f"{self.address.url}: needs s3fs, which is not installed; pip install 'tracker-workbench[s3]'"
                ) from None
            config = {
                "connect_timeout": _CONNECT_S,
                "read_timeout": _READ_S,
                "retries": {"mode": "standard", "max_attempts": ATTEMPTS},
            }
            self._system = S3FileSystem(config_kwargs=config, use_listings_cache=False)
        return self._system

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Raise our errors instead of the libraries'."""
        try:
            yield
        except (CorpusUnavailable, ObjectMissing):
            raise
        except Exception as error:  # noqa: BLE001, those of four libraries
            raise self._told(error) from None

    def _told(self, error: Exception) -> Exception:
        code = _code_of(error)
        if code in _SAME:
            return _NotModified()
        if code in _CHANGED:
            return ObjectChanged()
        if code in _MISSING or (not code and isinstance(error, FileNotFoundError)):
            return ObjectMissing()
        if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "ProfileNotFound"):
            return self._unavailable("no credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        said = " ".join(str(error).split())[:200] or type(error).__name__
        return self._unavailable(_TOLD.get(code) or f"cannot be reached ({said}); check the network, and try again")

    def _unavailable(self, why: str) -> CorpusUnavailable:
        return CorpusUnavailable(f"{self.address.url}: {why}")


class _NotModified(Exception):
    """An object is unchanged."""


def _code_of(error: BaseException | None) -> str:
    """Return the error code in S3's response, from the error or its cause; "" if there was no response."""
    while error is not None:
        response = getattr(error, "response", None)
        if isinstance(response, dict) and isinstance(response.get("Error"), dict):
            return str(response["Error"].get("Code", ""))
        error = error.__cause__ or error.__context__
    return ""
