"""Learns, batch by batch, and goes on from a checkpoint with the very weights that it would have had."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from scripts.train_encoder import checkpoint
from scripts.train_encoder.batches import Batch, draw
from scripts.train_encoder.losses import contrast, drift, statements
from scripts.train_encoder.settings import Settings
from scripts.train_encoder.sources import LabelledSet
from scripts.train_encoder.student import Student

EVERY = 50  # steps between two checkpoints

Report = Callable[[int, Mapping[str, float]], bool]
"""Told the number of steps done and the losses of the last one; answers False to stop there."""


def train(model: Any, sets: Sequence[LabelledSet], settings: Settings, folder: Path, report: Report) -> int:
    """Train until the last step, or until ``report`` says to stop; return the number of steps done in all.

    The weights are in the folder's checkpoint, from which the next call goes on.

    Raises:
        ValueError: the folder has a checkpoint of other settings.
    """
    student = Student(model, settings.upper)
    learning = student.learning
    by = torch.optim.AdamW(learning.values(), lr=settings.rate, weight_decay=0.01)
    done = checkpoint.resume(folder, settings, learning, by)
    goes_on = True
    while done < settings.steps and goes_on:
        batch = draw(sets, settings.seed, done, settings.before_share)
        losses = losses_of(student, batch, settings)
        by.param_groups[0]["lr"] = rate_at(settings, done)
        by.zero_grad()
        sum(losses.values(), torch.zeros(())).backward()
        by.step()
        done += 1
        goes_on = report(done, {name: loss.item() for name, loss in losses.items()})
        if done % EVERY == 0 or done == settings.steps or not goes_on:
            checkpoint.save(folder, settings, done, learning, by)
    return done


def losses_of(student: Student, batch: Batch, settings: Settings) -> dict[str, torch.Tensor]:
    """Return the weighted losses of a batch, by name."""
    around = batch.before or []
    new, old = student.vectors([*batch.texts, *around, *batch.statements])
    count = len(batch.texts)
    sentence, statement = new[:count], new[count + len(around) :]
    likeness = sentence @ sentence.T
    if batch.before is not None:
        likeness = _joint(likeness, new[count : count + len(around)], batch.before, settings.before_weight)
    alike, same = torch.from_numpy(batch.alike), torch.from_numpy(batch.same)
    losses = {"contrast": contrast(likeness, alike, same, settings.temperature)}
    if len(statement) > 1:
        holds = torch.from_numpy(batch.holds).float()
        told = statements(sentence, statement, holds, settings.temperature)
        losses["statements"] = settings.statement * told
    losses["drift"] = settings.keep * drift(new, old)
    return losses


def rate_at(settings: Settings, step: int) -> float:
    """Return the rate of learning of a step."""
    rising = (step + 1) / max(1.0, settings.warm * settings.steps)
    return settings.rate * min(1.0, rising) * (1 - step / settings.steps)


def _joint(likeness: torch.Tensor, around: torch.Tensor, before: Sequence[str], weight: float) -> torch.Tensor:
    """Return how alike sentences are together with their turns before; two that have none are alike in that."""
    there = torch.tensor([float(bool(text.strip())) for text in before])
    beside = (around @ around.T) * there[:, None] * there + (1 - there)[:, None] * (1 - there)
    return (likeness + weight**2 * beside) / (1 + weight**2)
