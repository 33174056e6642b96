"""Tests of who teaches: a class of one's own, the instructor's page, a hub."""
