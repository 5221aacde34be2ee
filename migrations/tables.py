"""Every table of the product, for comparing models with the schema. A new ``models.py`` is imported here."""

from __future__ import annotations

import assessments.assignments.models
import assessments.attempts.models
import assessments.exchange.models
import assessments.grading.models
import assessments.items.models
import assessments.quizzes.models
import assessments.receipts.models
import assessments.statistics.models
import assessments.time_factors.models
import certificates.conferral.models
import certificates.credentials.models
import certificates.documents.models
import certificates.layouts.models
import certificates.lifecycle.models
import courses.attendance.models
import courses.cohorts.models
import courses.content.models
import courses.progress.models
import courses.schedule.models
import lms.audit.models
import lms.files.models
import lms.institution.models
import lms.jobs.models
import lms.kept_forms.models
import lms.mail.models
import lms.municipalities.models
import lms.people.models
import lms.signin.models
from lms.db import Base

metadata = Base.metadata
