"""Tests of the page on which answers in words are marked."""
