"""The contract of object stores, held by S3 as a server speaks it, and by the one in memory of other tests."""

from __future__ import annotations

import pytest

from tests.support.memory_store import MemoryStore
from workbench.corpus.remote import s3
from workbench.corpus.remote.address import address_of
from workbench.corpus.remote.s3 import S3Store
from workbench.corpus.remote.store import ObjectChanged, ObjectMissing, each
from workbench.domain.errors import CorpusUnavailable


@pytest.fixture(params=["s3", "memory"])
def store(request):
    if request.param == "memory":
        return MemoryStore()
    return S3Store(address_of(request.getfixturevalue("bucket").url))


def test_an_object_is_replaced_only_by_who_saw_it(store):
    first = store.swap("manifest.json", b"one", None)
    for mark in (None, "another"):
        with pytest.raises(ObjectChanged):
            store.swap("manifest.json", b"two", mark)
    assert store.read("manifest.json") == (b"one", first)
    second = store.swap("manifest.json", b"two", first)
    assert store.read("manifest.json", second) is None
    assert store.read("manifest.json", first) == (b"two", second)
    with pytest.raises(ObjectChanged):
        store.swap("manifest.json", b"three", first)
    with pytest.raises(ObjectChanged):
        store.swap("gone.json", b"one", first)


def test_files_go_there_and_back(store, tmp_path):
    (tmp_path / "a").write_bytes(b"said" * 1000)
    store.upload("turns/a", tmp_path / "a")
    store.upload("b", tmp_path / "a")
    store.download("turns/a", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == (tmp_path / "a").read_bytes()
    assert store.sizes() == {"b": 4000, "turns/a": 4000}
    assert store.sizes("turns/") == {"turns/a": 4000}
    store.delete(["turns/a", "never there"])
    assert store.sizes() == {"b": 4000}
    store.delete([])
    for asking in (store.read, lambda name: store.download(name, tmp_path / "x")):
        with pytest.raises(ObjectMissing):
            asking("turns/a")
    assert store.keeps_versions() is False


def test_several_at_once_raise_what_failed(store, tmp_path):
    with pytest.raises(ObjectMissing):
        each(store.download, [(f"n{at}", tmp_path / str(at)) for at in range(3)])


def test_long_lists_come_in_pages(bucket, monkeypatch):
    store = S3Store(address_of(bucket.url))
    for at in range(3):
        bucket.client.put_object(Bucket=bucket.name, Key=f"corpus/{at}", Body=b"x")
    call = store.call
    monkeypatch.setattr(store, "call", lambda method, **options: call(method, **options, MaxKeys=2))
    assert list(store.sizes()) == ["0", "1", "2"]


def test_what_s3_refuses_is_told(bucket, monkeypatch):
    with pytest.raises(CorpusUnavailable, match=r"s3://no-such-bucket/x: there is no such bucket"):
        S3Store(address_of("s3://no-such-bucket/x")).read("manifest.json")
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    assert S3Store(address_of(bucket.url)).keeps_versions() is True
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = S3Store(address_of("s3://away/x"))
    with pytest.raises(CorpusUnavailable, match=r"cannot be reached.*check the network"):
        away.read("manifest.json")
    assert away.keeps_versions() is None


def test_without_s3fs_it_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(CorpusUnavailable, match=r"pip install 'tracker-workbench\[s3\]'"):
        S3Store(address_of("s3://calls/x")).sizes()
