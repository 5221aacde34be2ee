"""Wording a question anew: its texts are corrected in the browser, what is right stays."""
