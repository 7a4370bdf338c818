"""A workspace keeps the packaged encoder that it was made with, and no name that it did not get from a person here."""

from __future__ import annotations

import pytest

from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.overlay import CONVERSATIONS
from workbench.resources import encoder_choice
from workbench.resources.encoder_choice import SETTING, choose_encoder, own_encoder
from workbench.store.database import open_database
from workbench.store.settings import SettingRepository


@pytest.fixture
def state(tmp_path):
    return open_database(tmp_path / "state.db")


def test_a_workspace_from_before_names_were_kept_has_minilm(state, monkeypatch):
    monkeypatch.setattr(encoder_choice, "FOR_NEW_WORKSPACES", CONVERSATIONS)
    assert own_encoder(state) == choose_encoder(state, None, is_new=False) == DEFAULT_MODEL


def test_a_new_one_keeps_what_it_was_made_with(state, monkeypatch):
    assert choose_encoder(state, CONVERSATIONS, is_new=True) == CONVERSATIONS
    assert choose_encoder(state, None, is_new=False) == CONVERSATIONS
    assert choose_encoder(state, DEFAULT_MODEL, is_new=False) == DEFAULT_MODEL  # for this once
    assert own_encoder(state) == CONVERSATIONS


def test_the_encoder_for_new_ones_stays_with_them(state, monkeypatch):
    monkeypatch.setattr(encoder_choice, "FOR_NEW_WORKSPACES", CONVERSATIONS)
    assert choose_encoder(state, None, is_new=True) == CONVERSATIONS
    monkeypatch.undo()
    assert choose_encoder(state, None, is_new=False) == CONVERSATIONS


def test_names_of_other_models_and_folders_are_not_kept(state):
    assert choose_encoder(state, "maker/model", is_new=True) == "maker/model"
    assert choose_encoder(state, None, is_new=False) == DEFAULT_MODEL


@pytest.mark.parametrize("kept", ["maker/hostile", "/tmp/folder", {"a": 1}, 5])
def test_what_a_state_from_elsewhere_names_is_not_loaded(state, kept):
    SettingRepository(state).set(SETTING, kept)
    with pytest.warns(UserWarning, match="which this version does not have; 'all-MiniLM-L6-v2' is used instead"):
        assert own_encoder(state) == DEFAULT_MODEL
