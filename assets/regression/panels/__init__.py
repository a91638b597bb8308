"""Methods for panels: two-way effects with one covariance family, and what stands beside them.

Belongs here: fixed effects, clustered, Driscoll-Kraay and Conley errors, wild bootstrap, mean
groups, dependence across units. Not here: which panel, and which of its results count.
"""
