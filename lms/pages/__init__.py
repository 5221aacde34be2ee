"""The pages that every public site has, in the operator's words: imprint, data protection, accessibility, easy language."""
