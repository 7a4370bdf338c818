"""Where a corpus may lie, and what is said of addresses where it may not."""

from __future__ import annotations

import pytest

from workbench.corpus.remote.address import address_of
from workbench.domain.errors import InvalidArgument


@pytest.mark.parametrize(
    ("given", "url", "prefix"),
    [
        ("s3://calls", "s3://calls", ""),
        ("s3://calls/", "s3://calls", ""),
        ("s3a://calls/team/west/", "s3://calls/team/west", "team/west/"),
    ],
)
def test_a_bucket_and_a_folder(given, url, prefix):
    found = address_of(given)
    assert (found.url, found.prefix) == (url, prefix)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("s3://key:secret@calls/team", "credentials in the environment"),
        ("s3://calls/team?secret=x", "credentials in the environment"),
        ("gs://calls/team", "'gs' is not supported.*MinIO"),
        ("file:///calls", "'file' is not supported"),
        ("calls/team", "not the address of a store"),
        ("s3://", "not the name of a bucket"),
        ("s3://calls/../other", "not the name of a bucket"),
        ("s3://calls/a//b", "not the name of a bucket"),
        ("s3://Calls_/a b", "not the name of a bucket"),
        ("s3://[calls/a", "not a valid URL"),
    ],
)
def test_what_cannot_be_one(given, told):
    with pytest.raises(InvalidArgument, match=told) as error:
        address_of(given)
    assert "secret@" not in str(error.value)
    assert "=x" not in str(error.value)
