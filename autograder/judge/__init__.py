"""Values to verdicts: an answer beside the reference. Pure: NumPy and `ast`."""
