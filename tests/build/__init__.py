"""Tests of what is made from `source/` and the exercises: releases, proofs, pages, packages."""
