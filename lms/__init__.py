"""The core: app factory, database, people, sign-in, mail, jobs, the institution's key and seal, page frame."""
