"""The three verdicts on a claim that a coefficient is significant, as they are stored.

Belongs here: these words, for whoever reads results. Not here: the rules (`sentences.py`), which
load what computes.
"""

SUPPORTED, NOT_SUPPORTED, OPEN = "is supported", "is not supported", "is open"
