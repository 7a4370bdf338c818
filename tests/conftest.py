"""What all tests share: no network for model weights, repeatable property tests, and the quick tests first."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

from tests.support.databases import postgresql_server, state  # noqa: F401
from tests.support.memory_store import memory_store  # noqa: F401
from tests.support.object_storage import bucket, s3_server  # noqa: F401
from tests.support.old_workspace import old_workspace  # noqa: F401
from tests.unit.results.receivers import receiver  # noqa: F401

# Before anything imports the hub's client: no test may depend on a download.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

# What the user who runs the tests has agreed to stays as it is; workspaces of tests are made by a user of their own.
os.environ["WORKBENCH_CONFIG_DIR"] = tempfile.mkdtemp(prefix="workbench-config-")
atexit.register(shutil.rmtree, os.environ["WORKBENCH_CONFIG_DIR"], ignore_errors=True)

# A shared or slow machine must not turn a property test red, and an automatic run must be repeatable.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

# Of the slow ones, the files that take longest, by the time they take: begun last, one of them would run alone.
LONGEST = (
    *("test_killed_kernel.py", "test_who_reads.py", "test_backups.py", "test_killed_backfill.py"),
    *("test_killed_question.py", "test_fuzz.py", "test_together.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, so that a plain mistake shows within seconds; those in a browser last."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (_group(item), order.get(item.path.name, len(LONGEST)) if _has(item, "slow") else 0))


def pytest_collection_finish() -> None:
    """Set ten thousand tests aside from garbage collection, which would go through them each time."""
    gc.collect()
    gc.freeze()


def _group(item: pytest.Item) -> int:
    return 2 if _has(item, "browser") else 1 if _has(item, "slow") else 0


def _has(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None
