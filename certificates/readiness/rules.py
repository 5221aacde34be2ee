"""What somebody still lacks, and the next step that mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from courses.progress.rules import RuleKind, RuleResult, RuleState
from lms.sentences import N_, Sentence, sentence


@dataclass(frozen=True)
class Lack:
    """Something that keeps a person from the certificate: what, and who does what about it."""

    what: Sentence
    next_step: Sentence
    final: bool


_STEPS = {
    RuleKind.ATTENDANCE: N_("Mark the attendance of the sessions that are still open."),
    RuleKind.LESSONS: N_("The participant reads the open lessons."),
    RuleKind.QUIZZES: N_("The participant takes the open quizzes."),
    RuleKind.ASSIGNMENTS: N_("The participant hands in the project, or the trainer grades it."),
}


def list_lacks(results: Sequence[RuleResult], *, name_confirmed: bool, ungraded: bool) -> list[Lack]:
    """Return everything that is missing for the certificate, in the order of the rules; empty: ready."""
    lacks = []
    for result in results:
        if result.state is RuleState.MET:
            continue
        final = result.state is RuleState.NOT_MET
        step = _STEPS[result.kind]
        if final:
            step = N_("This can no longer be reached in this cohort.")
        elif result.kind is RuleKind.ASSIGNMENTS and ungraded:
            step = N_("A work has been handed in: the trainer grades it.")
        lacks.append(Lack(result.text, sentence(step), final))
    if not name_confirmed:
        lacks.append(
            Lack(
                sentence(N_("The name has not been confirmed.")),
                sentence(N_("The participant checks the name in their account. It is printed as it stands otherwise.")),
                final=False,
            )
        )
    return lacks


def blocks_conferral(results: Sequence[RuleResult]) -> bool:
    """Say whether something open could still change this person's result."""
    return any(result.state is RuleState.STILL_POSSIBLE for result in results)
