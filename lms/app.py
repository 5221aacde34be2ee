"""The app factory of the core; wsgi.py adds the other packages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from lms import addresses, compression, db, forms, headers, logs
from lms.audit import routes as audit
from lms.errors import handlers
from lms.feedback import routes as feedback
from lms.frame import setup as frame
from lms.health import routes as health
from lms.health.commands import check
from lms.institution import jobs as _seal_jobs  # noqa: F401 - declares its job
from lms.jobs import queue
from lms.jobs.commands import scheduler, worker
from lms.mail import jobs as _mail_jobs  # noqa: F401 - declares its jobs
from lms.mail import routes as mail
from lms.migration import migrate_command
from lms.municipalities.commands import municipalities
from lms.navigation import register_place
from lms.pages import routes as pages
from lms.people import routes as people
from lms.people.commands import user
from lms.permissions import CorePermission
from lms.preferences import choices
from lms.printing import reports
from lms.sentences import N_
from lms.serving.commands import serve
from lms.settings import CONFIG, current_config
from lms.signin import manager, routes


def new_app(config: Config) -> Flask:
    """Build an application with the core's rooms in it."""
    config.prepare_data_dir()
    app = Flask("lms", static_folder=None, template_folder=None)
    app.extensions[CONFIG] = config
    public = urlsplit(config.base_url)
    app.config.update(
        # Jobs and commands make addresses without a request.
        SERVER_NAME=public.netloc,
        PREFERRED_URL_SCHEME=public.scheme,
        APPLICATION_ROOT=public.path or "/",
        SECRET_KEY=config.session_secret(),
        TESTING=config.environment == "test",
        # A file of the largest size, and the form around it.
        MAX_CONTENT_LENGTH=(config.upload_megabytes + 1) * 1024 * 1024,
        # A written text of some million characters still arrives; files do not count here.
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
    )
    addresses.init_app(app)
    app.add_template_global(lambda: current_config().upload_megabytes, "upload_megabytes")
    logs.init_app(app, config.log_level)
    db.init_app(app, config.sqlalchemy_url, config.threads)
    headers.init_app(app)
    compression.init_app(app)
    forms.init_app(app)
    choices.init_app(app)
    queue.init_app(app, config)
    handlers.init_app(app)
    manager.init_app(app)
    frame.init_app(app)
    for room in (routes, people, pages, feedback, audit, mail, health, reports):
        app.register_blueprint(room.bp)
    for command in (migrate_command, serve, worker, scheduler, check, user, municipalities):
        app.cli.add_command(command)
    register_place("people.people", N_("People"), CorePermission.READ_PEOPLE, 55)
    register_place("audit.entries", N_("Audit log"), CorePermission.READ_AUDIT, 45)
    register_place("mail.mails", N_("Mails"), CorePermission.READ_MAIL, 95)
    register_place("health.system", N_("System"), CorePermission.READ_SYSTEM, 96)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it
    return app
