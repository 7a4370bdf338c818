"""What keeps a model from being loaded is told within seconds, whatever it is."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import huggingface_hub
import pytest
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

from tests.unit import tiny_encoder
from workbench.domain.errors import EncoderUnavailable
from workbench.engine import model_problems, overlay
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.model_problems import problem_of
from workbench.engine.overlay import CONVERSATIONS


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub that answers as it is told to, and notes what it was asked for; nothing was fetched from it yet."""
    noted = SimpleNamespace(asked=[], has=set(), fails=None)

    def model_info(self, name, timeout):
        noted.asked.append(name)
        if noted.fails is not None:
            raise noted.fails
        if name not in noted.has:
            raise error(RepositoryNotFoundError)

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    return noted


def error(kind):
    """An error of the hub's client, whose constructor wants a response."""
    return kind.__new__(kind)


def test_the_packaged_model_is_there():
    assert problem_of(DEFAULT_MODEL) is None


def test_layers_that_are_missing_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(overlay, "FOLDER", tmp_path)
    assert "about.json cannot be read" in problem_of(CONVERSATIONS)


def test_a_folder_is_looked_into(tmp_path):
    folder = tiny_encoder.made(tmp_path / "model")
    assert problem_of(str(folder)) is None
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert "model.safetensors is damaged" in problem_of(str(folder))
    weights.rename(folder / "pytorch_model.bin")
    assert "no weights as safetensors" in problem_of(str(folder))
    assert "not a model's" in problem_of(str(tmp_path))


@pytest.mark.parametrize("name", ["no/such/folder", "../model", "with blanks", "モデル", "-" * 300])
def test_what_cannot_be_a_name_is_not_asked_for(hub, name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "neither a folder here nor a name" in problem_of(SharedEncoder(name).model)
    assert not hub.asked


def test_the_hub_is_asked_for_both_names_of_a_model_without_a_maker(hub):
    assert problem_of("nothing") == "It is neither on this machine nor on the hub"
    assert hub.asked == ["sentence-transformers/nothing", "nothing"]
    hub.has.add("nothing")
    assert problem_of("nothing") is None


def test_a_model_that_was_fetched_is_not_asked_for(hub, tmp_path):
    (tmp_path / "cache" / "models--maker--model" / "refs").mkdir(parents=True)
    assert problem_of("maker/model") is None
    assert not hub.asked


def test_no_network_and_no_access_are_told(hub):
    hub.fails = ConnectionError("no route")
    assert "the hub can't be reached (ConnectionError)" in problem_of("maker/model")
    hub.fails = error(GatedRepoError)
    assert "hf auth login" in problem_of("maker/model")


def test_a_hub_that_does_not_answer_is_not_waited_for(hub, monkeypatch):
    monkeypatch.setattr(model_problems, "WAIT_S", 0.1)
    answer = threading.Event()
    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", lambda *_, **__: answer.wait(60))
    began = time.monotonic()
    assert "did not answer" in problem_of("maker/model")
    assert time.monotonic() - began < 30
    answer.set()


def test_no_process_is_started_for_a_model_that_cannot_be_loaded(hub, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBENCH_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("workbench.engine.encoder_process.subprocess.Popen", lambda *_, **__: pytest.fail("started"))
    with pytest.raises(EncoderUnavailable, match=r"'maker/model' could not be loaded; give a .*nor on the hub\."):
        SharedEncoder("maker/model").about()
