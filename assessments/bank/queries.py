"""Reads about a bank: some queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from assessments.bank.rules import Filter, matches
from assessments.exchange.queries import newest_versions
from assessments.items.models import Item, ItemVersion
from assessments.quizzes.models import Quiz, QuizItem
from assessments.statistics.models import QuizStatistics
from courses.content.models import Activity, Course, CourseVersion
from lms.collation import collation_key
from lms.db import session
from lms.people.models import Person

PAGE = 50


@dataclass(frozen=True)
class Use:
    """A quiz that has a version of an item, and in how many first attempts it asked the item, as its statistics count."""

    quiz: Quiz
    version_number: int
    asked: int


@dataclass(frozen=True)
class Found:
    """A page of a bank: its newest versions, how many match and how many there are, and every tag."""

    versions: list[ItemVersion]
    total: int
    whole: int
    tags: list[str]


def find_items(course: Course, wanted: Filter, page: int) -> Found:
    """Return one page of the items that a filter asks for, by key."""
    everything = sorted(newest_versions(course.id).values(), key=lambda version: version.item.key)
    chosen = [version for version in everything if is_wanted(version, wanted)]
    tags = sorted({tag for version in everything for tag in version.definition.get("tags", [])}, key=collation_key)
    return Found(chosen[(page - 1) * PAGE : page * PAGE], len(chosen), len(everything), tags)


def is_wanted(version: ItemVersion, wanted: Filter) -> bool:
    """Say whether a filter asks for an item in this version."""
    retired = version.item.retired_at is not None
    return matches(wanted, version.item.key, version.type, version.definition, retired=retired)


def list_items(course: Course, wanted: Filter) -> list[ItemVersion]:
    """Return the newest versions of all items that a filter asks for, in the order in which they came."""
    return [version for version in newest_versions(course.id).values() if is_wanted(version, wanted)]


def count_quizzes(item_ids: list[int]) -> dict[int, int]:
    """Return in how many quizzes each item is, in whatever version."""
    query = (
        select(ItemVersion.item_id, func.count(func.distinct(QuizItem.quiz_id)))
        .join(QuizItem, QuizItem.item_version_id == ItemVersion.id)
        .where(ItemVersion.item_id.in_(item_ids))
        .group_by(ItemVersion.item_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_items(course_ids: list[int]) -> dict[int, int]:
    """Return how many items each course's bank has that are in use."""
    query = (
        select(Item.course_id, func.count())
        .where(Item.course_id.in_(course_ids), Item.retired_at.is_(None))
        .group_by(Item.course_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def newest_titles(course_ids: list[int]) -> dict[int, str]:
    """Return what each course is called in its newest version."""
    query = (
        select(CourseVersion.course_id, CourseVersion.title)
        .where(CourseVersion.course_id.in_(course_ids))
        .order_by(CourseVersion.number)
    )
    return {row.course_id: row.title for row in session.execute(query)}


def media_address(item: Item) -> str:
    """Return the address that a medium's path in the archive is added to, in the course's newest version."""
    newest = session.scalar(select(func.max(CourseVersion.id)).where(CourseVersion.course_id == item.course_id))
    return f"/content/{newest}/"


def list_uses(item: Item) -> list[Use]:
    """Return where an item is used, the newest course version first; three queries, whatever the number of attempts."""
    rows = session.execute(
        select(Quiz, ItemVersion.number)
        .join(QuizItem, QuizItem.quiz_id == Quiz.activity_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.item_version_id)
        .join(Quiz.activity)
        .join(Activity.version)
        .options(contains_eager(Quiz.activity).contains_eager(Activity.version))
        .where(ItemVersion.item_id == item.id)
        .order_by(CourseVersion.number.desc(), Activity.position)
    ).all()
    asked = count_asked([quiz.activity_id for quiz, _number in rows], item.id)
    return [Use(quiz, number, asked.get(quiz.activity_id, 0)) for quiz, number in rows]


def count_asked(quiz_ids: list[int], item_id: int) -> dict[int, int]:
    """Return in how many first attempts each quiz asked an item, out of the sums that the worker keeps."""
    own = {str(one) for one in session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == item_id))}
    query = select(QuizStatistics.quiz_id, QuizStatistics.figures).where(QuizStatistics.quiz_id.in_(quiz_ids))
    asked: dict[int, int] = defaultdict(int)
    for quiz_id, figures in session.execute(query):
        asked[quiz_id] += sum(one["n"] for version, one in figures.get("items", {}).items() if version in own)
    return asked


def list_versions(item: Item) -> list[tuple[ItemVersion, Person | None]]:
    """Return an item's versions with their authors, the newest first."""
    query = (
        select(ItemVersion, Person)
        .outerjoin(Person, Person.id == ItemVersion.created_by_id)
        .options(joinedload(ItemVersion.item))
        .where(ItemVersion.item_id == item.id)
        .order_by(ItemVersion.number.desc())
    )
    return [(version, person) for version, person in session.execute(query)]
