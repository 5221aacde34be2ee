"""The demonstration: real material, played through the same actions that the web uses.

It needs every package up to the certificates, so it lives in the topmost one.
"""
