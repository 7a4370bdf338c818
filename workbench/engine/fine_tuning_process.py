"""Fine-tuning in a separate process, so that the kernel stays responsive and never loads torch.

The child reads the task from its standard input and writes progress as lines of JSON, of which the last is the outcome.
It runs at the lowest priority, and ends on request, or when its parent ends and so its standard input closes. Nothing
remains on disk. Run as ``python -m workbench.engine.fine_tuning_process``.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from workbench.domain import plain_json
from workbench.domain.errors import Cancelled, WorkbenchError
from workbench.domain.progress import ReportProgress
from workbench.engine.second_stage import Pair

LOOK_S = 0.25  # how often to check for cancellation
_LOWEST_PRIORITY = 10
_UNHARMED = "The tracker stays as it was."


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to learn from, and what to score afterwards.

    ``labels`` (1 YES, 0 NO) and ``unseen`` (first stage's score by a machine that did not see it) are those of the tags
    in ``pairs``, and so are ``calls``, which no fold separates; ``first`` are the first stage's scores of the sentences
    in ``shortlist``.
    """

    model: str
    pairs: Sequence[Pair]
    labels: Sequence[int]
    unseen: Sequence[float]
    examples: Sequence[Pair]
    shortlist: Sequence[Pair]
    first: Sequence[float]
    seed: int
    calls: Sequence[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuningOutcome:
    """The outcome. ``unseen`` and ``both`` are both stages' log-odds of the tags and of the shortlist.

    They are empty if it is not better. ``slope`` and ``offset`` give the first stage's log-odds; ``gain`` is in nats
    per tag, and None with too few tags.
    """

    wins: bool
    gain: float | None
    seconds: float
    slope: float = 1.0
    offset: float = 0.0
    unseen: Sequence[float] = ()
    both: Sequence[float] = ()


def fine_tune(task: Task, report: ReportProgress) -> FineTuningOutcome:
    """Run the task in a child process.

    Raises:
        Cancelled: ``report`` returned False.
        WorkbenchError: the child failed; the message contains the end of its output.
    """
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}
    child = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
        start_new_session=True,
    )
    try:
        return _followed(child, task, report)
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def _followed(child: subprocess.Popen[str], task: Task, report: ReportProgress) -> FineTuningOutcome:
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    lines: queue.Queue[str | None] = queue.Queue()
    complaints: list[str] = []
    threading.Thread(target=_read, args=(child.stdout, lines), daemon=True).start()
    threading.Thread(target=lambda pipe: complaints.extend(pipe), args=(child.stderr,), daemon=True).start()
    try:
        child.stdin.write(plain_json.dumps(asdict(task)) + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        pass  # its last output is read below
    fraction, message = 0.0, "Fine-tuning"
    while True:
        if not report(fraction, message):
            raise Cancelled(f"Fine-tuning was cancelled. {_UNHARMED}")
        try:
            line = lines.get(timeout=LOOK_S)
        except queue.Empty:
            continue
        if line is None:
            child.wait()
            why = "".join(complaints).strip().splitlines()[-1:] or [f"it ended with {child.returncode}"]
            raise WorkbenchError(f"Fine-tuning {task.model} broke off: {why[0].rstrip('.')}. {_UNHARMED}")
        said = json.loads(line)
        if "outcome" in said:
            return FineTuningOutcome(**said["outcome"])
        fraction, message = said["fraction"], said["message"]


def _read(pipe: IO[str], lines: queue.Queue[str | None]) -> None:
    """Pass on every line, and None at the end."""
    try:
        for line in pipe:
            lines.put(line)
    except ValueError:  # closed in the meantime
        pass
    lines.put(None)


def main() -> None:
    """Run the child process."""
    os.nice(_LOWEST_PRIORITY)
    task = Task(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    out, sys.stdout = sys.stdout, sys.stderr  # output of libraries is not progress

    def say(what: dict[str, Any]) -> None:
        print(plain_json.dumps(what), file=out, flush=True)

    say({"outcome": asdict(_done(task, lambda fraction, message: say({"fraction": fraction, "message": message})))})


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _done(task: Task, say: Callable[[float, str], None]) -> FineTuningOutcome:
    import numpy as np

    from workbench.engine.fine_tuning import tune
    from workbench.engine.loading import load_encoder

    began = time.perf_counter()
    say(0.02, "Loading the encoder")
    model = load_encoder(task.model)

    def report(fraction: float, message: str) -> bool:
        say(0.1 + 0.7 * fraction, message)
        return True

    pairs = [(before, text) for before, text in task.pairs]
    examples = [(before, text) for before, text in task.examples]
    labels = np.array(task.labels, dtype=np.int8)
    unseen = np.array(task.unseen)
    stage = tune(model, pairs, labels, unseen, examples, task.seed, report, task.calls)
    if stage is None or not stage.wins:
        return FineTuningOutcome(
            wins=False, gain=None if stage is None else stage.gain, seconds=time.perf_counter() - began
        )
    say(0.8, "Reading the most likely sentences")
    first = np.array(task.first, dtype=np.float32)
    both = stage.judge(first, [(before, text) for before, text in task.shortlist])
    return FineTuningOutcome(
        wins=True,
        gain=stage.gain,
        seconds=time.perf_counter() - began,
        slope=stage.first.slope,
        offset=stage.first.offset,
        unseen=stage.unseen.tolist(),
        both=both.tolist(),
    )


if __name__ == "__main__":
    main()
