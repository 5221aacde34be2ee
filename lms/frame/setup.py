"""The page frame: layout, components, assets and how values are shown."""

from __future__ import annotations

from flask import Flask

from lms.frame import assets, filters, texts
from lms.frame.routes import bp
from lms.navigation import list_places, list_public_places
from lms.settings import CONFIG


def init_app(app: Flask) -> None:
    """Register the room."""
    assets.init_app(app)
    filters.init_app(app)
    texts.init_app(app)
    app.register_blueprint(bp)
    app.add_template_global(list_places)
    app.add_template_global(list_public_places)
    app.jinja_env.globals["config_settings"] = app.extensions[CONFIG]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
