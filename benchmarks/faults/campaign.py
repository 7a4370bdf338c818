"""Running trials: kills at random moments of the work, a check after each, and the table of the outcomes."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.faults.killing import Ack, ChildFailed, isolated, killed
from benchmarks.faults.trials import TRIALS, Trial

NewState = Callable[[], str | None]
LAST = 400  # acknowledgements that are checked after each kill; older ones were checked before


@dataclass
class Result:
    """The outcome of the kills of one kind of work on one database."""

    work: str
    database: str
    kills: int = 0
    acknowledged: int = 0
    failures: list[str] = field(default_factory=list)


def run(name: str, database: str, kills: int, new_state: NewState, seed: int = 0) -> Result:
    """Kill one kind of work ``kills`` times, each at a random moment of its duration."""
    result, rng = Result(name, database), random.Random(f"{seed} {name} {database}")
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        for trial, run_number, longest in _fresh(name, folder, new_state, kills):
            while result.kills < kills:
                run_number += 1
                try:
                    found = killed(partial(trial.work, run_number), rng.uniform(0, longest))
                    result.kills += not found.finished
                    result.acknowledged += len(found.acknowledged)
                    trial.acknowledged = [*trial.acknowledged, *found.acknowledged][-LAST:]
                    isolated(partial(trial.check, run_number))
                except ChildFailed as error:
                    result.failures.append(str(error))
                    break
                if found.finished:
                    longest = max(0.01, 0.9 * min(longest, found.seconds))
                    break
            if result.kills >= kills or len(result.failures) > 5:
                break
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _fresh(name: str, folder: Path, new_state: NewState, kills: int) -> Iterator[tuple[Trial, int, float]]:
    """Yield new workspaces, one after the other: work that is done needs another one."""
    longest = 0.0
    for n in range(20 * kills):
        trial = TRIALS[name](folder / str(n), new_state())
        trial.folder.mkdir()
        isolated(trial.prepare)
        if not longest:  # how long the work takes, undisturbed
            measured = killed(partial(trial.work, 0), 60.0)
            longest = max(0.02, measured.seconds)
            trial.acknowledged = measured.acknowledged[-LAST:]
            isolated(partial(trial.check, 0))
            if name in ("tagging", "publish"):
                continue
        yield trial, n * 1_000, longest
        shutil.rmtree(trial.folder, ignore_errors=True)


def table(results: Iterable[Result]) -> str:
    """Return the results in Markdown."""
    lines = ["| work | database | kills | writes acknowledged | failures |", "|---|---|---|---|---|"]
    lines += [
        f"| {one.work} | {one.database} | {one.kills:,} | {one.acknowledged:,} | {len(one.failures)} |"
        for one in results
    ]
    return "\n".join(lines)


def as_json(results: Iterable[Result]) -> str:
    """Return the results with the tracebacks of failures."""
    return json.dumps([asdict(one) for one in results], indent=1)


__all__ = ["Ack", "Result", "as_json", "run", "table"]
