"""Argument types, from which signatures are built.

core has the machinery and the plain ones, common those that several families share; the others belong to
one family each and are imported with it.
"""
