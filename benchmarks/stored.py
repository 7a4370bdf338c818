"""A workspace with its corpus in a bucket beside one in a folder: milliseconds of opening, asking and importing.

The bucket is that of a server on this machine (moto), which stands in for S3: a request takes it some milliseconds of
the same processor, where S3 takes 10 to 50 ms over a network. So the number of requests is printed, too.

usage: python -m benchmarks.stored [CALLS]
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

import workbench as wb
from benchmarks.trickle import SENTENCES, call
from workbench.corpus.remote.s3 import S3Store
from workbench.engine.encoders import HashingEncoder

CALLS, TIMES = 1_000, 7
URL = "s3://calls/corpus"


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    os.environ |= {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ["AWS_ENDPOINT_URL"] = f"http://{host}:{port}"
    boto3.client("s3").create_bucket(Bucket="calls")
    asked = counting()
    print(f"{calls:,} calls of {SENTENCES} sentences; milliseconds, medians of {TIMES}, and requests")
    with tempfile.TemporaryDirectory() as folder:
        for name, where in (("folder", None), ("bucket", URL)):
            measure(name, Path(folder) / name, where, calls, asked)
    server.stop()
    return 0


def counting() -> list[str]:
    """Have every request to the store noted in the list that is returned."""
    asked: list[str] = []
    for name in ("read", "swap", "upload", "download", "delete", "sizes"):
        work = getattr(S3Store, name)

        def noted(store: S3Store, *given: Any, _work: Callable[..., Any] = work, _name: str = name) -> Any:
            asked.append(_name)
            return _work(store, *given)

        setattr(S3Store, name, noted)
    return asked


def measure(name: str, path: Path, where: str | None, calls: int, asked: list[str]) -> None:
    drawn = random.Random(7)
    given = [call(number, drawn) for number in range(calls + TIMES)]
    ws = wb.open(path, encoder=HashingEncoder(), corpus=where)
    step(name, "import of all", asked, lambda _: ws.ingest(given[:calls], detect=False), 1)
    opened: list[wb.Workspace] = []
    step(name, "open", asked, lambda _: opened.append(wb.open(path, encoder=HashingEncoder())))
    step(name, "first count", asked, lambda at: opened[at].counts(wb.Filters()))
    step(name, "first search", asked, lambda at: opened[at].search("word7 word8"))
    step(name, "search at once again", asked, lambda at: opened[at].search("word7 word8"))
    step(name, "import of one call", asked, lambda at: ws.ingest([given[calls + at]], detect=False))


def step(name: str, what: str, asked: list[str], work: Callable[[int], object], times: int = TIMES) -> None:
    asked.clear()
    taken = []
    for at in range(times):
        began = time.perf_counter()
        work(at)
        taken.append((time.perf_counter() - began) * 1_000)
    print(f"{name:<8} {what:<22} {median(taken):9.1f} ms, {len(asked) / times:5.1f} requests")


if __name__ == "__main__":
    sys.exit(main())
