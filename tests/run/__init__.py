"""Tests of notebooks judged in rooms, here, in another process, and on a cluster."""
