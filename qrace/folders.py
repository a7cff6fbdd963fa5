"""Where the files of the person who plays lie: settings in one folder, what was driven in another."""

import os
from pathlib import Path

from platformdirs import user_config_path, user_data_path

HOME_VARIABLE = "QRACE_HOME"
"""Environment variable: a folder to use instead of the user's own, with config and data in it."""


def config_folder() -> Path:
    """The folder of the settings; whoever writes there makes it."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "config" if home else user_config_path("qrace", appauthor=False)


def data_folder() -> Path:
    """The folder of records and the like; whoever writes there makes it."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "data" if home else user_data_path("qrace", appauthor=False)
