"""Tests of what students import: visible checks, comparing, hints, pictures, words."""
