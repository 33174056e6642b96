"""Tests of the class report, the exports and the students' pages."""
