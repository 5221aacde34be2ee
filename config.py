"""Every setting of the product, read once from the environment: the only reader of ``os.environ``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from email.headerregistry import Address
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PREFIX = "LMS_"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
ENVIRONMENTS = ("development", "production", "test")


class ConfigError(ValueError):
    """A setting is missing, malformed or unsafe; the text says what to set."""


def parse_sender(text: str) -> Address:
    """Return the one address, with its name, that mails come from (RFC 5322, section 3.4). Raises ValueError."""
    found = getaddresses([text])
    if len(found) != 1 or not found[0][1]:
        raise ValueError(f"{text!r} is not one address")
    name, address = found[0]
    return Address(" ".join(name.split()), addr_spec=address)


def setting(default: Any, text: str) -> Any:
    """Declare a setting with its default and the sentence that the README's table shows."""
    return field(default=default, metadata={"text": text})


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings, each named ``LMS_`` + its name in capitals in the environment."""

    environment: str = setting("development", "`development` or `production`; production refuses to start when unsafe")
    data_dir: Path = setting(Path("var"), "Folder for the embedded database, the queue, mails, keys and pages")
    database_url: str = setting(
        "",
        "`postgresql://…`, on the same machine `postgresql:///lms?host=/run/postgresql`; empty: SQLite in the data folder",
    )
    queue_url: str = setting("", "`postgresql://…` or `redis://…`; empty: beside the database (SQLite or PostgreSQL)")
    base_url: str = setting(
        "", "Public address; stands in mails, QR codes and certificates; empty: `http://127.0.0.1` with the port"
    )
    secret_key: str = setting("", "Signs cookies; empty: generated and kept in the data folder (mode 0600)")
    mail_url: str = setting(
        "", "`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`; empty: .eml files in the data folder"
    )
    mail_from: str = setting("Wegmarke <noreply@localhost>", "Sender of all mails")
    contact_mail: str = setting(
        "",
        "Address of the programme office: gets the feedback (if empty, the administrators do), stands in mails and on pages",
    )
    institution_name: str = setting("Musterinstitution", "Who issues the certificates, as printed on them")
    signatories: str = setting(
        "", "Two names with function, as `Name, Funktion; Name, Funktion`; default for new conferrals"
    )
    four_eyes: str = setting(
        "on", "`on`: a second coordinator approves a conferral; `off`: one person may confer alone"
    )
    serial_format: str = setting(
        "SCM-{year}-{counter:5}", "Serial numbers of documents; counted by year where it holds `{year}`"
    )
    seal_key_file: Path | None = setting(
        None, "Key of the institution's seal: PKCS#12, or PEM with its chain; empty: a development key is made"
    )
    seal_key_uri: str = setting(
        "", "The key in a token instead: `pkcs11:token=NAME;object=NAME?module-path=/usr/lib/softhsm/libsofthsm2.so`"
    )
    seal_key_password: str = setting("", "Password of the key's file, or PIN of its token")
    seal_chain_file: Path | None = setting(None, "Certificates of the seal in PEM, where they lie apart from the key")
    seal_timestamp_url: str = setting(
        "", "Timestamp authority (RFC 3161) for every seal; empty: seals without timestamp"
    )
    zone: str = setting("Europe/Berlin", "IANA time zone of the institution")
    language: str = setting("de", "Language of people who have not chosen one: `de` or `en`")
    host: str = setting("127.0.0.1", "Address that `lms serve` listens on")
    port: int = setting(8000, "Port that `lms serve` listens on")
    web_processes: int = setting(0, "Processes of the web server; 0: one for each processor, at most four")
    threads: int = setting(16, "Threads of each web process: so many can send slowly at once, while two are worked for")
    worker_threads: int = setting(1, "Jobs that one worker process runs at the same time")
    trusted_proxies: int = setting(
        0, "Number of reverse proxies in front whose X-Forwarded headers count; in production 1 or more"
    )
    session_hours: int = setting(12, "Hours without activity after which a sign-in ends")
    upload_megabytes: int = setting(25, "Largest upload")
    log_level: str = setting("INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`")

    def __post_init__(self) -> None:
        """Let the address follow the port where none is set."""
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://127.0.0.1:{self.port}")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Config:
        """Read the settings; ``overrides`` win. Raises ConfigError for an unknown or malformed value."""
        environ = os.environ if environ is None else environ
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            raise ConfigError(f"Unknown setting {', '.join(unknown)}. The README lists every setting.")
        values: dict[str, Any] = {}
        for name, declared in known.items():
            text = environ.get(name, "")
            if text == "":
                continue
            values[declared.name] = _parse(name, text, declared.default)
        config = cls(**{**values, **overrides})
        problems = config.problems()
        if problems:
            raise ConfigError("\n".join(problems))
        return config

    def problems(self) -> list[str]:
        """Return what keeps this configuration from being used, one sentence each; empty when it is good."""
        found = []
        if self.environment not in ENVIRONMENTS:
            found.append(f"LMS_ENVIRONMENT is {self.environment!r}; set development or production.")
        if self.language not in {"de", "en"}:
            found.append(f"LMS_LANGUAGE is {self.language!r}; set de or en.")
        if self.four_eyes not in {"on", "off"}:
            found.append(f"LMS_FOUR_EYES is {self.four_eyes!r}; set on or off.")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            found.append(f"LMS_ZONE is {self.zone!r}; set an IANA zone such as Europe/Berlin.")
        if self.log_level.upper() not in LOG_LEVELS:
            found.append(f"LMS_LOG_LEVEL is {self.log_level!r}; set one of {', '.join(LOG_LEVELS)}.")
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                found.append(f"LMS_{name.upper()} is {getattr(self, name)}; set a number from {least} to {most}.")
        if not _is_whole_address(self.base_url):
            found.append(
                f"LMS_BASE_URL is {self.base_url!r}; set a whole address without a path, such as https://lernen.example.de."
            )
        try:
            parse_sender(self.mail_from)
        except ValueError:
            found.append(
                f"LMS_MAIL_FROM is {self.mail_from!r}; set one address such as Programmbüro <buero@example.de>, "
                'with quotation marks around a name that holds a comma: "Amt, Kurs" <buero@example.de>.'
            )
        for name in _SCHEMES:
            scheme = urlsplit(getattr(self, name)).scheme
            if getattr(self, name) and scheme not in _SCHEMES[name]:
                ends = ":" if name == "seal_key_uri" else "://"
                found.append(f"LMS_{name.upper()} must begin with {' or '.join(s + ends for s in _SCHEMES[name])}.")
        if self.seal_key_uri and self.seal_key_file is not None:
            found.append("LMS_SEAL_KEY_URI and LMS_SEAL_KEY_FILE are both set; set the one that holds the seal's key.")
        if self.environment == "production":
            found += self._production_problems()
        return found

    def _production_problems(self) -> list[str]:
        found = []
        if not self.base_url.startswith("https://"):
            found.append("LMS_BASE_URL must begin with https:// in production: cookies and certificates need it.")
        elif self.trusted_proxies < 1:
            found.append(
                "LMS_TRUSTED_PROXIES must be 1 or more in production: https is spoken by a reverse proxy, and without its "
                "headers all visitors seem to have one address and share the limits of one."
            )
        if len(self.secret_key) < 32:
            found.append(
                "LMS_SECRET_KEY must be set in production, 32 characters or more; "
                "for example: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        if not self.mail_url:
            found.append(
                "LMS_MAIL_URL must be set in production: without it no invitation and no password reset arrives."
            )
        if not self.contact_mail:
            found.append("LMS_CONTACT_MAIL must be set in production: people need somebody to turn to.")
        if self.institution_name == Config.institution_name:
            found.append("LMS_INSTITUTION_NAME must be set in production: it is printed on every certificate.")
        if self.seal_key_file is None and not self.seal_key_uri:
            found.append("LMS_SEAL_KEY_FILE must be set in production: the development seal proves nothing to others.")
        for name, path in (("SEAL_KEY_FILE", self.seal_key_file), ("SEAL_CHAIN_FILE", self.seal_chain_file)):
            if path is not None and not path.is_file():
                found.append(f"LMS_{name} names {path}, which is not a file.")
            elif path is not None and path == self.seal_key_file and path.stat().st_mode & 0o007:
                found.append(f"LMS_{name} names {path}, which everybody on this machine can read: chmod o= {path}")
        return found

    @property
    def sqlalchemy_url(self) -> str:
        """The database as SQLAlchemy spells it; psycopg 3 for PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'lms.db').absolute()}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def serving_processes(self) -> int:
        """How many processes serve pages: as many as are set, or one for each processor, at most four."""
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return self.web_processes or min(processors, 4)

    @property
    def idle_limit(self) -> timedelta:
        """How long a sign-in may be unused."""
        return timedelta(hours=self.session_hours)

    @property
    def development(self) -> bool:
        """Whether pages for developers (patterns, mails) are served."""
        return self.environment == "development"

    def prepare_data_dir(self) -> None:
        """Make the data folder, readable by its owner only. Raises ConfigError when that is impossible."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"LMS_DATA_DIR names {self.data_dir}, which cannot be made: {error}.") from error

    def session_secret(self) -> str:
        """Return the secret that signs cookies, generated once into the data folder when none is set. Raises ConfigError."""
        if self.secret_key:
            return self.secret_key
        self.prepare_data_dir()
        try:
            return self._kept_secret()
        except OSError as error:
            raise ConfigError(
                f"LMS_DATA_DIR names {self.data_dir}, which this user cannot read and write ({error.strerror}). Please give "
                "the folder to the user that runs lms, or name another one."
            ) from error

    def _kept_secret(self) -> str:
        path = self.data_dir / "secret_key"
        # Written whole beside, then linked: of two processes that start together, both end with the first one's secret.
        draft = self.data_dir / f"secret_key.{secrets.token_hex(8)}"
        if not path.exists():
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text("ascii")


_SCHEMES = {
    "database_url": ("postgresql",),
    "queue_url": ("postgresql", "redis"),
    "mail_url": ("smtp", "smtps"),
    "seal_key_uri": ("pkcs11",),
    "seal_timestamp_url": ("http", "https"),
}


#: What a number may be: the least and the most.
_RANGES = {
    "port": (1, 65535),
    "web_processes": (0, 100),
    "threads": (1, 1000),
    "worker_threads": (1, 100),
    "trusted_proxies": (0, 10),
    "session_hours": (1, 8760),
    "upload_megabytes": (1, 2000),
}


def _is_whole_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
    # Nothing is served under a path, and a name or password has no business in a printed address.
    return known and parts.path in {"", "/"} and not (parts.query or parts.fragment or "@" in parts.netloc)


def pass_on(**settings: object) -> None:
    """Have what is begun from here, this process's children too, read these settings."""
    os.environ.update({PREFIX + name.upper(): str(value) for name, value in settings.items()})


def _parse(name: str, text: str, default: object) -> object:
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{name} is {text!r}; set a whole number.") from None
    if isinstance(default, Path) or name.endswith("_FILE"):
        return Path(text)
    return text
