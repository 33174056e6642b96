"""Tests of hand-ins as they come: files, archives, and texts of any kind."""
