"""Tests of the exercises on trial and of the notebooks they stand in, seed by seed."""
