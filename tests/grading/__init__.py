"""Tests of `autograder grade`: the gradebook, troubles, what is graded again."""
