"""The layers of the conversation encoder: checked, laid over what they belong to, and part of the key of vectors."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.unit import tiny_encoder
from workbench.domain.errors import EncoderUnavailable
from workbench.engine import loading, overlay
from workbench.engine.encoders import DEFAULT_MODEL, encoder_key
from workbench.engine.overlay import ABOUT, CONVERSATIONS, FOLDER, WEIGHTS

NAME = "encoder.layer.1.output.dense.bias"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny_encoder.made(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture
def packed(tmp_path, monkeypatch, base):
    """Layers over the tiny model, which stands in for MiniLM."""
    import torch
    from safetensors.torch import save

    content = save({NAME: torch.full((tiny_encoder.WIDTH,), 0.5, dtype=torch.float16)})
    (tmp_path / WEIGHTS).write_bytes(content)
    about = {"sha256": hashlib.sha256(content).hexdigest()}
    about["base_sha256"] = overlay.digest_of(base / "model.safetensors")
    (tmp_path / ABOUT).write_text(json.dumps(about))
    monkeypatch.setattr(overlay, "FOLDER", tmp_path)
    monkeypatch.setattr(
        loading, "location", lambda model: str(base) if model in (DEFAULT_MODEL, CONVERSATIONS) else model
    )
    return tmp_path


def test_the_changed_layers_are_laid_over_the_base_and_no_others(packed):
    import torch

    found, before = (
        dict(loading.load_encoder(one)[0].model.named_parameters()) for one in (CONVERSATIONS, DEFAULT_MODEL)
    )
    assert found[NAME].tolist() == [0.5] * tiny_encoder.WIDTH
    assert [name for name, value in before.items() if not torch.equal(value, found[name])] == [NAME]


def test_vectors_of_other_weights_have_another_key(packed, monkeypatch):
    key = encoder_key(CONVERSATIONS)
    assert key.startswith("conversations-")
    assert key != encoder_key(DEFAULT_MODEL)
    about = json.loads((packed / ABOUT).read_text()) | {"sha256": "0" * 64}
    (packed / "other").mkdir()
    (packed / "other" / ABOUT).write_text(json.dumps(about))
    monkeypatch.setattr(overlay, "FOLDER", packed / "other")
    assert encoder_key(CONVERSATIONS) != key


@pytest.mark.parametrize("how", ["missing", "cut off", "changed"])
def test_weights_that_are_not_those_described_are_refused(packed, how):
    file = packed / WEIGHTS
    content = file.read_bytes()
    file.unlink()
    if how != "missing":
        file.write_bytes(content[:-2] if how == "cut off" else content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(EncoderUnavailable, match=r"layers\.safetensors is .*Install tracker-workbench again"):
        loading.load_encoder(CONVERSATIONS)


def test_layers_are_not_laid_over_another_version_of_the_base(packed, base, tmp_path):
    other = tmp_path / "model.safetensors"
    other.write_bytes((base / "model.safetensors").read_bytes()[:-1] + b"x")
    problem = overlay.overlay().problem(other)
    assert problem is not None
    assert "model.safetensors is not the file that" in problem


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_an_installation_without_it_says_so(tmp_path, monkeypatch, content):
    if content is not None:
        (tmp_path / ABOUT).write_text(content)
    monkeypatch.setattr(overlay, "FOLDER", tmp_path)
    with pytest.raises(EncoderUnavailable, match=r"about\.json cannot be read.*Install tracker-workbench again"):
        encoder_key(CONVERSATIONS)


def test_the_package_carries_layers_that_belong_to_the_packaged_model():
    from safetensors import safe_open

    found = overlay.overlay()
    assert found.problem(loading.base_weights()) is None
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 25e6
    with (
        safe_open(loading.base_weights(), framework="numpy") as base,
        safe_open(found.file, framework="numpy") as changed,
    ):
        assert set(changed.keys()) <= set(base.keys())
        for name in changed.keys():  # noqa: SIM118
            assert changed.get_slice(name).get_shape() == base.get_slice(name).get_shape()
    about = json.loads((FOLDER / ABOUT).read_text())
    card = (FOLDER / "README.md").read_text()
    for name, credit in about["attribution"].items():
        assert credit.split(" (")[0] in card, name
