"""Questions out of other systems and into them: GIFT, Moodle XML, Aiken and QTI; one file a format, of one shape."""
