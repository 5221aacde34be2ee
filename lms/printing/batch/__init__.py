"""The fast path: lay one document of a batch out, and write everybody's from its frozen objects.

Documents that differ only in texts, addresses and codes (a *family*) share one layout. WeasyPrint lays out one of them,
the *model*. For everybody else it breaks and draws again only the paragraphs that hold something of theirs, and the
rest of the file, fonts included, is the same bytes for all. How a family is found: ``families.py``. What is laid out and
drawn again: ``paragraphs.py``, ``lines.py`` and ``pages.py``. What is frozen and how a file is put together: ``formes.py``
and ``files.py``. Who decides: ``printing.py``.

Nothing is taken on trust. Whoever does not fit the model (another number of lines, a character without a glyph, a mark
above a letter) goes the plain way, ``lms.printing.rendering.print_pdf``; and before a family of a new kind is written,
the member that differs most from the model is laid out as a whole, and every object of that PDF has to be the same to the
byte as what the frozen objects give. Otherwise the whole family goes the plain way. So the plain path stays the truth.

This relies on parts of WeasyPrint that it does not promise to keep:

- ``Document._build_layout_context``, ``build_formatting_structure`` and ``layout_document``, which ``Document._render``
  calls in this order, and that laying out copies the boxes of the formatting structure instead of changing them;
- ``iter_line_boxes``, which breaks a line box into lines for a containing block that is already laid out;
- ``Layout`` (a text shaped by Pango), which boxes forget after measuring and make again for drawing, and ``text_align``;
- ``draw_text``, which draws a text box alone, between BT and ET, and that each stands in marked content of its own;
- ``Page.paint``, which ``generate_pdf`` calls once a page before it subsets the fonts of ``Document.fonts``;
- ``gather_anchors`` for the places of links, and ``write_pdf_attachment``;
- pydyf's ``PDF.objects`` with their ``data``, and that a stream's ``stream`` is a list of operators.

Hence the exact pin; ``tests/certificates/test_batch.py`` fails on any other version and says what to check.
"""

#: The version whose inner workings this was written for; on another one everything goes the plain way.
WEASYPRINT = "70.0"
