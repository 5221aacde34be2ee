"""The door to layouts: they belong to the institution, and who may see one may see all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import Forbidden, NotFound

from certificates.layouts.models import Layout, LayoutVersion
from certificates.permissions import CertificatePermission
from lms.db import session
from lms.people.models import Person


def layout_for(person: Person, slug: str, permission: CertificatePermission) -> Layout:
    """Return a layout with its versions. Raises Forbidden or NotFound."""
    _permit(person, permission)
    found = session.scalar(select(Layout).where(Layout.slug == slug).options(selectinload(Layout.versions)))
    if found is None:
        raise NotFound
    return found


def layout_version_for(person: Person, version_id: int, permission: CertificatePermission) -> LayoutVersion:
    """Return a version of a layout. Raises Forbidden or NotFound."""
    _permit(person, permission)
    found = session.get(LayoutVersion, version_id)
    if found is None:
        raise NotFound
    return found


def _permit(person: Person, permission: CertificatePermission) -> None:
    if not person.may(permission):
        raise Forbidden
