"""Feedback: a form for barriers, faults and praise, whose text goes by mail to who runs the platform."""
