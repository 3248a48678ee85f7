"""The tests: ``python3 -m unittest discover -s tests -t .`` from the top of a checkout runs them all.

What needs a compiler, a tool or the real strace (the *oracle*) is skipped by name where that is missing.
"""
