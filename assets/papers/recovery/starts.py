"""Widely scattered starting points, drawn from whatever a paper prints.

Belongs here: random samples with roughly the printed moments. Not here: making them fit.
"""

import numpy as np

from assets.papers.printed_place import place_of
from assets.papers.recovery.bounds import scale_of
from assets.papers.recovery.printed_intervals import Paper
from assets.papers.recovery.sample_moments import Array, pairs

_SMALLEST_EIGENVALUE = 1e-4


def random_starts(paper: Paper, count: int, rng: np.random.Generator) -> Array:
    """(count, n, q) samples with the printed means, SDs and correlations, in random directions.

    Centred columns of one length are drawn uniformly among all orientations (Gaussian draws, made
    orthonormal), then given the correlations; a correlation that is not printed is drawn. What
    every sample of a paper has in common is therefore its moments, and nothing else.
    """
    n, q = paper.n, len(paper.columns)
    draws = rng.standard_normal((count, n, q))
    draws -= draws.mean(axis=1, keepdims=True)
    directions = draws
    if n > q:
        directions, R = np.linalg.qr(draws)
        # Without the signs of R the orientations would not be uniform (Mezzadri 2007).
        directions = directions * np.sign(np.diagonal(R, axis1=1, axis2=2))[:, None]
    else:
        directions = draws / np.sqrt((draws**2).sum(axis=1, keepdims=True))
    roots = np.stack([np.linalg.cholesky(_correlations(paper, rng)) for _ in range(count)])
    centre, sd = np.array([scale_of(paper, column) for column in paper.columns]).T
    return np.asarray(centre + directions @ np.swapaxes(roots, 1, 2) * sd * np.sqrt(n - 1))


def _correlations(paper: Paper, rng: np.random.Generator) -> Array:
    """A positive definite matrix of printed correlations, drawn inside their rounding."""
    q = len(paper.columns)
    free = rng.standard_normal((q, q + 1))
    free /= np.sqrt((free**2).sum(axis=1, keepdims=True))
    R = free @ free.T
    for i, j in pairs(q):
        first, second = paper.columns[i], paper.columns[j]
        for number in paper.required:
            if number.place == place_of("correlations", "", first, second, "r"):
                R[i, j] = R[j, i] = rng.uniform(*np.clip(number.interval, -1, 1))
    eigenvalues, vectors = np.linalg.eigh(R)
    R = (vectors * np.maximum(eigenvalues, _SMALLEST_EIGENVALUE)) @ vectors.T
    length = np.sqrt(np.diag(R))
    return np.asarray(R / np.outer(length, length))
