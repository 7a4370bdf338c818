"""Train the conversation encoder, and pack it for the package.

Needs the training data's folder, with ``turns/`` and ``single/``. Settings and data decide what is learnt; what was
interrupted goes on when the same command is given again. Weights learnt from share-alike data are not packed.

usage: python -m scripts.train_encoder train --data DIR --out FOLDER [--steps N] [--leave-out NAME ...] [--minutes M]
       python -m scripts.train_encoder pack --out FOLDER [--strength S] [--to FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from scripts.train_encoder.settings import Settings
from scripts.train_encoder.sources import NAMES, SOURCES, chosen, read
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.overlay import FOLDER

TOLD_EVERY = 10


def main(given: list[str] | None = None) -> int:
    asked = _arguments(given)
    return _train(asked) if asked.what == "train" else _pack(asked)


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.train_encoder", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    train = commands.add_parser("train", help="train, or go on with it")
    train.add_argument("--data", type=Path, required=True, help="folder with turns/ and single/")
    train.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    train.add_argument("--leave-out", nargs="+", default=[], choices=NAMES, help="corpora kept for tests")
    train.add_argument("--share-alike", action="store_true", help="also learn from data under such licences")
    train.add_argument("--threads", type=int, default=2)
    train.add_argument("--minutes", type=float, help="stop after so long; the next call goes on")
    for name in ("steps", "seed", "upper"):
        train.add_argument(f"--{name}", type=int, default=_default(name))
    for name in ("rate", "temperature", "statement", "keep", "before_share"):
        train.add_argument(f"--{name.replace('_', '-')}", type=float, default=_default(name))
    packing = commands.add_parser("pack", help="write what the package carries")
    packing.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    packing.add_argument("--strength", type=float, default=1.0, help="share of the way from MiniLM, 0 to 1")
    packing.add_argument("--to", type=Path, default=FOLDER, help="folder to write to, by default the package's")
    return parser.parse_args(given)


def _default(name: str) -> int | float:
    value: int | float = getattr(Settings(sources=()), name)
    return value


def _train(asked: argparse.Namespace) -> int:
    import torch

    from scripts.train_encoder.training import train
    from workbench.engine.loading import load_encoder

    torch.set_num_threads(asked.threads)
    torch.use_deterministic_algorithms(True)
    sources = chosen(asked.leave_out, asked.share_alike)
    sets = [read(asked.data, one) for one in sources]
    for one in sets:
        print(f"{one.source.name}: {len(one.texts):,} sentences, {len(one.rows)} labels", flush=True)
    numbers = ("steps", "seed", "upper", "rate", "temperature", "statement", "keep", "before_share")
    settings = Settings(sources=tuple(one.name for one in sources), **{name: getattr(asked, name) for name in numbers})
    began, begun_at = time.monotonic(), 0

    def report(done: int, losses: Mapping[str, float]) -> bool:
        nonlocal begun_at
        begun_at = begun_at or done
        spent = time.monotonic() - began
        if done % TOLD_EVERY == 0:
            told = ", ".join(f"{name} {value:.3f}" for name, value in losses.items())
            print(f"step {done} of {settings.steps}, {spent / (done - begun_at + 1):.2f} s a step: {told}", flush=True)
        return asked.minutes is None or spent < 60 * asked.minutes

    done = train(load_encoder(DEFAULT_MODEL), sets, settings, asked.out, report)
    print(f"{done} of {settings.steps} steps are done; the weights are in {asked.out}")
    return 0


def _pack(asked: argparse.Namespace) -> int:
    from scripts.train_encoder.checkpoint import weights_of
    from scripts.train_encoder.packing import pack
    from workbench.engine.loading import base_weights

    held = [one.name for one in SOURCES if one.share_alike and one.name in weights_of(asked.out)[1].sources]
    if held:
        print(f"{', '.join(held)}: share-alike; train without them, as the package is under Apache-2.0")
        return 1
    about = pack(asked.out, base_weights(), asked.to, asked.strength)
    print(f"{asked.to}: {about['steps']} steps, sha256 {about['sha256']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
