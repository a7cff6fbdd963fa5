"""Where files lie: the models beside the game, and what belongs to the person who plays in folders of their own."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path

HOME_VARIABLE = "QRACE_HOME"
"""Environment variable: a folder to use instead of the user's own, with config and data in it."""
CACHE_VARIABLE = "QRACE_CACHE"
"""Environment variable: a folder to use instead of the user's own for what can be computed anew."""
MODELS_FOLDER = Path(__file__).resolve().parents[1] / "models"
"""Saved brains."""


def config_folder() -> Path:
    """The folder of the settings; whoever writes there makes it."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "config" if home else user_config_path("qrace", appauthor=False)


def data_folder() -> Path:
    """The folder of records and the like; whoever writes there makes it."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "data" if home else user_data_path("qrace", appauthor=False)


def cache_folder() -> Path:
    """The folder of what can be computed anew, such as limits; whoever writes there makes it."""
    own = os.environ.get(CACHE_VARIABLE)
    return Path(own) if own else user_cache_path("qrace", appauthor=False, opinion=False)
