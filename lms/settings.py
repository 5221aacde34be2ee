"""The running application's Config."""

from __future__ import annotations

from flask import current_app

from config import Config

CONFIG = "lms.config"


def current_config() -> Config:
    """Return the settings that the running application was built with."""
    config: Config = current_app.extensions[CONFIG]
    return config
