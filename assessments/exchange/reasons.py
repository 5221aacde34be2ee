"""Why a question or a file is not taken: every sentence of the exchange on one page."""

from __future__ import annotations

from lms.sentences import N_, Reason, Sentence


class Why(Reason):
    """A question or a whole file is refused, by name and with one of these reasons."""

    # The file as a whole.
    EMPTY = "empty", N_("The file is empty.")
    CANNOT_OPEN = "cannot_open", N_("The file cannot be opened: %(error)s.")
    TOO_LARGE = "too_large", N_("The file has more than %(most)s MB.")
    MANY_QUESTIONS = (
        "many_questions",
        N_("The file holds %(count)s questions; at most %(most)s can be read at once. Please divide it."),
    )
    BINARY = "binary", N_("This is not a text file: byte %(at)s (line %(line)s) belongs to no text.")
    ENCODING = (
        "encoding",
        N_("The file says that it is %(encoding)s, but byte %(at)s (line %(line)s) cannot be read that way."),
    )
    UNKNOWN_ENCODING = (
        "unknown_encoding",
        N_("The file says that its encoding is %(encoding)s, which is not supported."),
    )
    BAD_XML = "bad_xml", N_("This is not well-formed XML: line %(line)s, column %(column)s (%(error)s).")
    XML_DTD = "xml_dtd", N_("The file has a document type or entities (line %(line)s), which are refused for safety.")
    XML_DEPTH = "xml_depth", N_("The elements are nested more than %(most)s deep (line %(line)s).")
    XML_ELEMENTS = "xml_elements", N_("The file has more than %(most)s elements (line %(line)s).")
    NO_FORMAT = "no_format", N_("The format was not recognised; it is none of GIFT, Moodle XML, Aiken and QTI.")
    WRONG_ROOT = "wrong_root", N_("The outermost element is %(element)s (line 1); that is no %(format)s file.")
    NO_QUESTIONS = "no_questions", N_("There is no question in the file (1 to line %(line)s were read).")
    BAD_ZIP = "bad_zip", N_("This is not a ZIP file that can be read: %(error)s.")
    ZIP_FILES = "zip_files", N_("The package holds more than %(most)s files.")
    ZIP_BOMB = "zip_bomb", N_("The file %(path)s in the package unpacks to far more than it should.")
    ZIP_PATH = "zip_path", N_("The name %(path)s leads out of the package.")
    ZIP_ENCRYPTED = "zip_encrypted", N_("The file %(path)s in the package is encrypted.")
    ZIP_TWICE = "zip_twice", N_("The file %(path)s is in the package twice.")
    QTI_1 = "qti_1", N_("This is QTI 1. QTI 2 and 3 can be read; most systems can export one of them.")
    QTI_PART = (
        "qti_part",
        N_(
            "The outermost element is %(element)s, which holds no question itself. Please choose the whole package (ZIP)."
        ),
    )
    NO_MANIFEST = "no_manifest", N_("The package has no imsmanifest.xml, or it names no questions.")
    MISSING_FILE = "missing_file", N_("The file %(path)s, which the manifest names, is not in the package.")

    NOT_IN_MANIFEST = (
        "not_in_manifest",
        N_("The file lies in the package, but the manifest does not name it as a question."),
    )

    TEST_WORDS = (
        "test_words",
        N_("In the package's test a text stands before this question, perhaps for several ones, which would be lost."),
    )
    TEST_WEIGHT = (
        "test_weight",
        N_("In the package's test this question's points count with another weight, which would be lost."),
    )

    # Questions, whatever the format.
    UNKNOWN_TYPE = "unknown_type", N_("Questions of the type “%(type)s” are not supported.")
    DESCRIPTION = "description", N_("This is a text without a question.")
    NOT_COMPLETE = "not_complete", N_("The question cannot be taken: %(problems)s")
    NO_PROMPT = "no_prompt", N_("The question has no text.")
    BAD_VALUE = "bad_value", N_("A value in it cannot be read (%(error)s).")
    TWICE = "twice", N_("The same question stands in the file before (number %(number)s).")
    UNKNOWN_PART = "unknown_part", N_("The part “%(part)s” would be lost.")
    PART_TWICE = "part_twice", N_("The part “%(part)s” stands there twice; one of them would be lost.")
    LOOSE_TEXT = "loose_text", N_("Between the elements stands “%(text)s”, which would be lost.")
    BARE_ELEMENT = (
        "bare_element",
        N_("The element “%(element)s” stands in “%(part)s” as it is; HTML must be escaped there, or stand in CDATA."),
    )
    PRESELECTED = "preselected", N_("An answer is given from the beginning (“%(text)s”), which would be lost.")
    LONG_TEXT = (
        "long_text",
        N_("A text has %(length)s characters; at most %(most)s are possible: “%(text)s”."),
    )
    DENSE_TEXT = (
        "dense_text",
        N_("A text has %(marks)s signs of formatting; at most %(most)s are possible: “%(text)s”."),
    )
    DENSE_FILE = (
        "dense_file",
        N_("The file has more than %(most)s signs of formatting before this question. Please divide it."),
    )
    MANY_TAGS = "many_tags", N_("The question has more than %(most)s tags and categories.")
    LONG_TAG = "long_tag", N_("A tag has more than %(most)s characters: “%(tag)s”.")
    FEW_ANSWERS = "few_answers", N_("The question has fewer than %(least)s answers.")
    MANY_ANSWERS = "many_answers", N_("The question has more than %(most)s answers.")
    EMPTY_ANSWER = "empty_answer", N_("Answer %(number)s has no text.")
    SAME_ANSWERS = "same_answers", N_("Two answers have the same text: “%(text)s”.")
    TRUE_FALSE = "true_false", N_("Its two answers are not called “true” and “false”: %(names)s.")
    NO_RIGHT_ANSWER = "no_right_answer", N_("No answer gives all points.")
    SEVERAL_RIGHT_ANSWERS = "several_right_answers", N_("Several answers give all points, but only one can be chosen.")
    NEGATIVE = "negative", N_("An answer takes points away, which is possible only where several can be chosen.")
    BAD_SUM = "bad_sum", N_("The percentages of the right answers make %(sum)s, not 100.")
    BAD_PERCENT = "bad_percent", N_("“%(percent)s” is no percentage from -100 to 100.")
    COMBINED_FEEDBACK = (
        "combined_feedback",
        N_("The feedback for right or wrong answers as a whole would be lost: “%(text)s”."),
    )
    TAKES_FROM_OTHERS = (
        "takes_from_others",
        N_("“%(text)s” stands before another answer and takes some of what that one is for."),
    )
    STAR_COUNTS = "star_counts", N_("“%(text)s” gives points for every answer, which is not possible here.")
    HINTS = "hints", N_("The hints for further tries would be lost.")
    LITERAL_STAR = (
        "literal_star",
        N_("The answer “%(text)s” has an asterisk that stands for itself, which cannot be said here."),
    )
    BAD_NUMBER = "bad_number", N_("“%(text)s” is no number.")
    SEVERAL_NUMBERS = "several_numbers", N_("Several numbers are right, in a way that is not supported.")
    OPTIONAL_UNIT = "optional_unit", N_("The unit may be left out there; here it must be chosen.")
    UNIT_PENALTY = "unit_penalty", N_("A wrong unit costs a part of the points there; here it costs all.")
    INEXACT_UNIT = "inexact_unit", N_("The factor of the unit %(unit)s has no exact decimal number.")
    HIDDEN = "hidden", N_("The question is hidden in its source.")
    BAD_POINTS = (
        "bad_points",
        N_("The question gives %(points)s points; only whole numbers from 1 to 100 are possible."),
    )
    PAIRS = "pairs", N_("Pairs with the same text on the left cannot be told apart.")
    ORDER_SCORING = "order_scoring", N_("The order is scored in a way that is not supported (%(grading)s).")
    ORDER_SUBSET = "order_subset", N_("Only some of the steps are asked there; here all are.")
    RESPONSE_FORMAT = "response_format", N_("The answer is given in a way that is not supported (%(format)s).")
    RESPONSE_TEMPLATE = "response_template", N_("The text to begin with would be lost.")
    OPTIONAL_ANSWER = "optional_answer", N_("An answer is optional there, with text or files as one likes.")
    FILE_TYPES = "file_types", N_("The types of files that are accepted are not supported: %(types)s.")

    # Texts.
    PICTURE = "picture", N_("The picture %(name)s would be lost.")
    PICTURE_WITHOUT_ALT = "picture_without_alt", N_("The picture %(name)s has no alternative text.")
    FILES = "files", N_("The file %(name)s would be lost.")
    HTML_ELEMENT = "html_element", N_("The HTML element “%(element)s” cannot be said in Markdown.")
    HTML_STYLE = "html_style", N_("The formatting “%(style)s” would be lost.")
    HTML_UNFAITHFUL = "html_unfaithful", N_("The text cannot be turned into Markdown without a change: “%(text)s”.")
    HTML_IN_MARKDOWN = "html_in_markdown", N_("The Markdown holds HTML: “%(text)s”.")
    NOT_INLINE = "not_inline", N_("A short text holds more than one paragraph: “%(text)s”.")
    NOT_PLAIN = "not_plain", N_("A text that must be plain holds formatting: “%(text)s”.")
    BAD_LINK = "bad_link", N_("The link “%(link)s” leads nowhere that is allowed.")

    # GIFT and Aiken.
    NO_CLOSING_BRACE = "no_closing_brace", N_("The brace that opens in line %(line)s is not closed.")
    NO_OPENING_BRACE = "no_opening_brace", N_("A brace closes in line %(line)s that was not opened.")
    TEXT_BEFORE_ANSWERS = "text_before_answers", N_("Between the braces stands “%(text)s” without = or ~ before it.")
    EMPTY_RIGHT_ANSWER = "empty_right_answer", N_("An answer is empty.")
    NO_ARROW = "no_arrow", N_("“%(text)s” has no -> as the other pairs have.")
    AIKEN_NO_TEXT = "aiken_no_text", N_("Line %(line)s: an answer without a question before it.")
    AIKEN_NO_KEY = "aiken_no_key", N_("The line ANSWER: is missing (line %(line)s).")
    AIKEN_BAD_KEY = "aiken_bad_key", N_("ANSWER: %(key)s (line %(line)s) names no answer.")
    AIKEN_LETTERS = "aiken_letters", N_("The answers are not lettered in their order (line %(line)s).")
    AIKEN_PARAGRAPHS = "aiken_paragraphs", N_("There must be no empty line in a question's text (before line %(line)s).")
    AIKEN_LINES = "aiken_lines", N_("Line %(line)s is neither an answer nor ANSWER: “%(text)s”.")

    # Cloze and QTI.
    NO_GAPS = "no_gaps", N_("The text has no gap that could be read.")
    GAP_TYPE = "gap_type", N_("A gap of the kind %(kind)s is not supported.")
    GAP_WEIGHTS = "gap_weights", N_("The gaps count differently; here every gap counts the same.")
    GAP_BROKEN = "gap_broken", N_("The gap “%(text)s” is not written as it should be.")
    GAP_CASES = "gap_cases", N_("Some gaps tell upper and lower case apart and others do not.")
    SEVERAL_INTERACTIONS = "several_interactions", N_("The question asks for several things at once: %(names)s.")
    NO_INTERACTION = "no_interaction", N_("The question asks for nothing.")
    PROCESSING = "processing", N_("Its scoring has rules that are not supported (%(rule)s).")
    BOUNDS = "bounds", N_("Its points have a limit that is not possible here (%(bound)s).")
    NO_KEY = "no_key", N_("The right answer is not stated.")
    TEXT_AFTER = "text_after", N_("The text after the answers would be lost: “%(text)s”.")
    CHOICE_LIMITS = "choice_limits", N_("The number of answers that may be chosen is limited.")
    FIXED_CHOICES = "fixed_choices", N_("Some answers keep their place and others are mixed.")
    NO_PICTURE = "no_picture", N_("The question shows no picture, or more than one.")
    AREA_SHAPE = (
        "area_shape",
        N_("An area has the shape “%(shape)s”; only rectangles and circles (rect, circle) are possible."),
    )
    AREA_LABEL = (
        "area_label",
        N_("Area %(number)s has no name (hotspot-label), without which nobody can choose it from the list."),
    )
    AREA_SCORING = (
        "area_scoring",
        N_("The areas count differently; here a wrong one takes away as much as a right one gives."),
    )
    AREA_SHARES = "area_shares", N_("One area can be chosen, and some give more points than others; here each gives all or none.")
    ONE_AREA = "one_area", N_("Several areas may be chosen, but only one is right; here just one could be chosen then.")
    SELECT_POINT = (
        "select_point",
        N_("A point is asked for that may lie anywhere in the picture; here one chooses among areas that have a name."),
    )
    DROPPED = (
        "dropped",
        N_(
            "What counts is where something is dropped on a picture. Areas to choose can be made here as a question of the "
            "type “Area in a picture”."
        ),
    )
    SHARED_WORDS = (
        "shared_words",
        N_("Its gaps share one list of words. Written as a cloze question, with a list for each gap, it can be taken."),
    )
    OTHER_QUESTIONS = "other_questions", N_("It is put together from other questions. Please export those themselves.")
    CALCULATED = (
        "calculated",
        N_("Its numbers are drawn anew each time. With fixed numbers, as a numerical question, it can be taken."),
    )
    TEMPLATE = "template", N_("The question has variables that are drawn anew each time.")

    LEFT_OUT = (
        "left_out",
        N_("The question is taken whole. What the package says about it besides is not kept here: %(parts)s"),
    )

    # Writing.
    CANNOT_SAY = "cannot_say", N_("%(format)s has nothing for questions of this type.")
    CANNOT_SCORE = "cannot_score", N_("%(format)s cannot score it in the same way (%(scoring)s).")
    GAP_POINTS = (
        "gap_points",
        N_(
            "In %(format)s every gap gives whole points, so that the points (%(points)s) must be divisible by the number of "
            "gaps (%(gaps)s)."
        ),
    )
    CANNOT_KEEP = "cannot_keep", N_("%(format)s cannot keep “%(part)s”.")
    REPAIRED = "repaired", N_("The question was given to everybody or dropped by a repair.")
    NO_EXPLANATION = "no_explanation", N_("In a course's archive every question has an explanation; this one has none.")
    NOT_THE_SAME = "not_the_same", N_("Read back from %(format)s it would not be the same: “%(part)s”.")


class NotTaken(Exception):
    """A question cannot be taken, or cannot be written."""

    def __init__(self, why: Why, **values: object) -> None:
        super().__init__(why.value)
        self.why = why
        self.sentence = Sentence(why.text, values)


class Unreadable(Exception):
    """A file cannot be read at all."""

    def __init__(self, why: Why, **values: object) -> None:
        super().__init__(why.value)
        self.why = why
        self.sentence = Sentence(why.text, values)


#: What the parts of a definition are called in these sentences.
PARTS = {
    "by partial": N_("points for every answer judged rightly"),
    "by all_or_nothing": N_("all or nothing"),
    "by pairs": N_("points for pairs of steps in the right order"),
    "by places": N_("points for steps at their right place"),
    "by relative": N_("a tolerance in per cent"),
    "ignore_diacritics": N_("other spellings of umlauts"),
    "case_sensitive": N_("upper and lower case"),
    "reasons": N_("the reasons"),
    "units": N_("the units"),
    "shuffle": N_("the order of the answers"),
    "points": N_("the points"),
    "guidance": N_("the guidance for marking"),
    "min_words": N_("the number of words"),
    "max_words": N_("the number of words"),
    "areas": N_("the areas of the picture"),
    "image": N_("the picture"),
    "alt": N_("the picture in words"),
    "categories": N_("the categories"),
    "pairs": N_("the pairs"),
    "picture": N_("the picture"),
    "braces": N_("braces in the text"),
    "html": N_("signs of HTML in the text"),
    "star": N_("an asterisk that stands for anything"),
    "prompt": N_("the question's text"),
    "explanation": N_("the explanation"),
    "answers": N_("the answers"),
    "accepted": N_("the accepted texts"),
    "other_values": N_("further expected numbers"),
    "other_solutions": N_("further right solutions"),
    "single": N_("one area for several that are right"),
    "feedback": N_("the feedback"),
    "feedback_otherwise": N_("the feedback for anything else"),
    "gaps": N_("the gaps"),
    "text": N_("the text with gaps"),
    "tags": N_("the tags"),
    "steps": N_("the steps"),
    "media_types": N_("the types of files"),
}


def named(part: str) -> Sentence | str:
    """Return what a part of a definition is called; what has no name is called as it is."""
    return Sentence(PARTS[part], {}) if part in PARTS else part


def shortened(text: str, most: int = 60) -> str:
    """Return the beginning of a text in one line, for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
