"""Tests of who learns: notebooks in kernels and in JupyterLab, `work/`, other systems."""
