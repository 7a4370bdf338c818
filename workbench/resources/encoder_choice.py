"""The encoder that a workspace was made with: it stays the same whatever a later version takes for new ones.

Only the name of a packaged encoder is kept in the state. Any other comes from whoever opens the workspace, as a state
from elsewhere must not decide what is fetched or loaded here.
"""

from __future__ import annotations

import warnings

from sqlalchemy import Engine

from workbench.engine.encoders import DEFAULT_MODEL, FOR_NEW_WORKSPACES, PACKAGED
from workbench.store.settings import SettingRepository

SETTING = "encoder"


def own_encoder(state: Engine) -> str:
    """Return the name of the packaged encoder that a workspace has; warns if the state names another one."""
    kept = SettingRepository(state).get(SETTING)
    if kept is None:
        return DEFAULT_MODEL  # what there was before names were kept
    if kept in PACKAGED:
        return str(kept)
    warnings.warn(
        f"This workspace was made with the encoder {str(kept)[:80]!r}, which this version does not have; "
        f"{DEFAULT_MODEL!r} is used instead. Upgrade the workbench, or give the encoder when you open the workspace.",
        stacklevel=4,
    )
    return DEFAULT_MODEL


def choose_encoder(state: Engine, given: str | None, is_new: bool) -> str:
    """Return the name of the encoder to use, and keep it with a new workspace if it is a packaged one.

    Args:
        state: the workspace's state.
        given: a name or a folder, from whoever opens the workspace.
        is_new: whether the workspace is being made.
    """
    if is_new:
        made_with = given or FOR_NEW_WORKSPACES
        if made_with in PACKAGED and made_with != DEFAULT_MODEL:
            SettingRepository(state).set(SETTING, made_with)
        return made_with
    return given or own_encoder(state)
