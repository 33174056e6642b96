"""Tests of nbgrader with the parts of this project in its places, against nbgrader alone."""
