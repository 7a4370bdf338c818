"""What the package carries: small, described, and the very weights that were learnt."""

from __future__ import annotations

import json

import pytest

from scripts.train_encoder.__main__ import main
from scripts.train_encoder.settings import Settings
from tests.unit import tiny_encoder


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny_encoder.made(tmp_path_factory.mktemp("tiny") / "model") / "model.safetensors"


def checkpoint_of(folder, base, sources=("star",)):
    """A checkpoint whose weights are the base's plus one."""
    import torch

    from scripts.train_encoder.checkpoint import save
    from scripts.train_encoder.student import Student

    learning = Student(tiny_encoder.loaded(base.parent), 2).learning
    by = torch.optim.AdamW(learning.values())
    for value in learning.values():
        value.data += 1
        by.state[value] = {"exp_avg": torch.zeros_like(value), "exp_avg_sq": torch.zeros_like(value)}
    save(folder, Settings(sources=sources, upper=2), 7, learning, by)
    return learning


def test_half_of_the_way_at_half_precision(tmp_path, base):
    from safetensors.torch import load_file

    from scripts.train_encoder.packing import pack

    learnt = checkpoint_of(tmp_path / "trained", base)
    about = pack(tmp_path / "trained", base, tmp_path / "out", strength=0.5)
    found = load_file(tmp_path / "out" / "layers.safetensors")
    assert found.keys() == learnt.keys()
    for name, value in found.items():
        assert str(value.dtype) == "torch.float16"
        assert value.float().sub(learnt[name] - 0.5).abs().max() < 2e-3
    assert about == json.loads((tmp_path / "out" / "about.json").read_text())
    assert (about["steps"], about["strength"]) == (7, 0.5)
    assert about["attribution"] == {"star": "STAR (Mosig, Mehri & Kober 2020), Rasa; MIT"}


def test_what_was_packed_is_what_is_laid_over(tmp_path, base, monkeypatch):
    from scripts.train_encoder.packing import pack
    from workbench.engine import overlay

    learnt = checkpoint_of(tmp_path / "trained", base)
    pack(tmp_path / "trained", base, tmp_path / "out")
    monkeypatch.setattr(overlay, "FOLDER", tmp_path / "out")
    model = tiny_encoder.loaded(base.parent)
    overlay.lay_over(model, base)
    found = dict(model[0].model.named_parameters())
    assert all(found[name].sub(value).abs().max() < 2e-3 for name, value in learnt.items())


def test_weights_from_share_alike_data_are_not_packed(tmp_path, base, capsys):
    checkpoint_of(tmp_path / "trained", base, ("star", "sgd_train"))
    assert main(["pack", "--out", str(tmp_path / "trained"), "--to", str(tmp_path / "out")]) == 1
    assert "sgd_train: share-alike" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()
