"""Tests of the simulated class."""
