"""The derivations as NumPy functions, one module a lecture topic. They know nothing of grading."""
