"""What survives of a regression on a handful of years: methods that small n allows.

Belongs here: pure modules, one a method, and `study_robustness.py` that runs them all. Importing
the package imports nothing. Not here: the fits themselves (`assets/poverty/fits`) and Dagster.
"""
