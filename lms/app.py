"""The app factory of the core; wsgi.py adds the other packages."""

from __future__ import annotations

from flask import Flask

from config import Config
from lms import (
    db,
    errors,
    files,
    forms,
    frame,
    headers,
    jobs,
    logs,
    mail,
    municipalities,
    pages,
    people,
    preferences,
    signin,
)
from lms.settings import CONFIG

ROOMS = (headers, signin, people, preferences, pages, municipalities, files, mail, jobs, errors, frame)


def new_app(config: Config) -> Flask:
    """Build an application with the core's rooms in it."""
    config.prepare_data_dir()
    app = Flask("lms", static_folder=None, template_folder=None)
    app.extensions[CONFIG] = config
    app.config.update(
        SECRET_KEY=config.session_secret(),
        TESTING=config.environment == "test",
        MAX_CONTENT_LENGTH=config.upload_megabytes * 1024 * 1024,
        # A written text of two million characters still arrives; files do not count here.
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
    )
    logs.init_app(app, config.log_level)
    db.init_app(app, config.sqlalchemy_url, config.threads)
    forms.init_app(app)
    for room in ROOMS:
        room.init_app(app)
    return app
