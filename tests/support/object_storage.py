"""A server that speaks the language of S3, on this machine; and a bucket in it."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
import pytest

_NUMBERS = itertools.count()
_SETTINGS = {
    "AWS_ACCESS_KEY_ID": "anybody",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@dataclass(frozen=True)
class Bucket:
    """A bucket of its own for each test, and a client to look at it."""

    name: str
    client: Any

    @property
    def url(self) -> str:
        return f"s3://{self.name}/corpus"

    def names(self) -> list[str]:
        """Return the names of all objects."""
        listed = self.client.list_objects_v2(Bucket=self.name).get("Contents", ())
        return sorted(one["Key"].removeprefix("corpus/") for one in listed)

    def holds(self, words: bytes) -> bool:
        """Return whether a file that lies there holds these bytes, once it is unpacked."""
        return any(words in unpacked(self._content(name)) for name in self.names())

    def _content(self, name: str) -> bytes:
        content: bytes = self.client.get_object(Bucket=self.name, Key=f"corpus/{name}")["Body"].read()
        return content


def unpacked(content: bytes) -> bytes:
    """Return what a file holds: of a Parquet file its values."""
    if not content.startswith(b"PAR1"):
        return content
    return repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Start the server; give its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Give a bucket that is empty, and credentials for it in the environment."""
    import boto3

    for name, value in {**_SETTINGS, "AWS_ENDPOINT_URL": s3_server}.items():
        monkeypatch.setenv(name, value)
    name = f"bucket-{next(_NUMBERS)}"
    client = boto3.client("s3")
    client.create_bucket(Bucket=name)
    return Bucket(name, client)
