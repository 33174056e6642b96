"""Tests of verdicts: from values and sources to a name and a message."""
