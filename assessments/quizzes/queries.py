"""Reads about quizzes."""

from __future__ import annotations

from sqlalchemy import select

from assessments.items.models import ItemVersion
from assessments.quizzes.models import Quiz, QuizItem
from lms.db import session


def list_pool(quiz: Quiz) -> list[ItemVersion]:
    """Return the item versions that a quiz draws from, in the author's order."""
    return list(
        session.scalars(
            select(ItemVersion)
            .join(QuizItem, QuizItem.item_version_id == ItemVersion.id)
            .where(QuizItem.quiz_id == quiz.activity_id)
            .order_by(QuizItem.position)
        )
    )
