"""The parts that every written QTI item has: declarations, body, and scoring rules written out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from assessments.exchange.formats.qti_tree import with_markdown
from assessments.exchange.xml_writing import Lines, escaped

NAME = "QTI 3"
Definition = dict[str, Any]


class Item(Lines):
    """An item while it is written: declarations, body, processing."""

    def __init__(self, question: Definition) -> None:
        super().__init__(NAME)
        self.question = question
        self.points = question.get("points", 1)

    def markdown(self, name: str, text: str, *, block: bool, **attributes: str) -> None:
        """Write an element that holds Markdown as XHTML."""
        escaped(text, NAME)  # refuses what XML cannot hold
        self.raw(name, with_markdown(text, block=block), **attributes)

    def outcomes(self, *, by_hand: bool = False, feedback: bool = False) -> None:
        """Declare score and feedback."""
        most = {"normal_maximum": str(self.points)} if by_hand else {}
        self.open("qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float", **most)
        self.raw("qti-default-value", "<qti-value>0</qti-value>")
        self.close("qti-outcome-declaration")
        for name in (["FEEDBACK"] if feedback else []) + (["EXPLANATION"] if "explanation" in self.question else []):
            multiple = name == "FEEDBACK" and self.question["type"] == "multiple_choice"
            self.leaf(
                "qti-outcome-declaration", identifier=name, cardinality="multiple" if multiple else "single",
                base_type="identifier",
            )  # fmt: skip

    def correct(self, identifier: str, base_type: str, cardinality: str, values: list[str]) -> None:
        """Declare a response with its right answer."""
        self.open("qti-response-declaration", identifier=identifier, cardinality=cardinality, base_type=base_type)
        self._correct_values(values)
        self.close("qti-response-declaration")

    def mapped(
        self, identifier: str, base_type: str, cardinality: str, correct: list[str], worth: list[tuple[str, Fraction]],
        *, case_sensitive: bool | None = None, lower: bool = False,
    ) -> None:  # fmt: skip
        """Declare a response with points by value."""
        self.open("qti-response-declaration", identifier=identifier, cardinality=cardinality, base_type=base_type)
        self._correct_values(correct)
        self.open("qti-mapping", default_value="0", **({"lower_bound": "0"} if lower else {}))
        case = {} if case_sensitive is None else {"case_sensitive": "true" if case_sensitive else "false"}
        for key, amount in worth:
            self.leaf("qti-map-entry", map_key=key, mapped_value=decimal_text(amount), **case)
        self.close("qti-mapping")
        self.close("qti-response-declaration")

    def _correct_values(self, values: list[str]) -> None:
        self.open("qti-correct-response")
        for value in values:
            self.leaf("qti-value", value)
        self.close("qti-correct-response")

    def begin_body(self) -> None:
        """Begin the body with the prompt."""
        self.open("qti-item-body")
        self.markdown("div", self.question["prompt"], block=True)

    def processing(self, *rules: str, feedback: bool = False) -> None:
        """Write the scoring rules, and what shows feedback and explanation."""
        self.open("qti-response-processing")
        for rule in rules:
            self.lines.append("  " * self.depth + rule)
        if feedback:
            self.lines.append("  " * self.depth + set_outcome("FEEDBACK", '<qti-variable identifier="RESPONSE"/>'))
        if "explanation" in self.question:
            value = '<qti-base-value base-type="identifier">EXPLANATION</qti-base-value>'
            self.lines.append("  " * self.depth + set_outcome("EXPLANATION", value))
        self.close("qti-response-processing")


def decimal_text(amount: Fraction) -> str:
    """Return an amount with at most ten places."""
    return f"{float(amount):.10f}".rstrip("0").rstrip(".")


def set_outcome(outcome: str, value: str) -> str:
    """Return the rule that sets an outcome."""
    return f'<qti-set-outcome-value identifier="{outcome}">{value}</qti-set-outcome-value>'


def float_value(value: str) -> str:
    """Return a number as a value."""
    return f'<qti-base-value base-type="float">{value}</qti-base-value>'


def when_right(points: int, response: str = "RESPONSE", test: str = "<qti-match>{}</qti-match>") -> str:
    """Return the rule that gives points for the right answer."""
    pair = f'<qti-variable identifier="{response}"/><qti-correct identifier="{response}"/>'
    return (
        f"<qti-response-condition><qti-response-if>{test.format(pair)}{set_outcome('SCORE', float_value(str(points)))}"
        f"</qti-response-if></qti-response-condition>"
    )


def map_response(response: str) -> str:
    """Return the points that a response has by its mapping."""
    return f'<qti-map-response identifier="{response}"/>'
