"""The rooms of the product: what each computes. How and when is told in `orchestration/`.

Linear algebra takes one thread in each process that loads any of them. OpenBLAS, which NumPy and
SciPy bring, otherwise starts one for each core: sums are then added in another order on another
machine, so that results differ in the last bits, and threads that have nothing to do turn in
circles (decision 144). It is read where NumPy is imported, also by processes that are started here.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
