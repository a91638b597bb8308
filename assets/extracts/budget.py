"""What one document may cost, of whatever kind it is. docs/annual_refresh.md states it to users.

Belongs here: the limits. Not here: the checks, which stand where each cost is about to be paid;
time and memory are enforced by the process that reads (`landed/reading.py`).

Far above what any yearbook needs, so that no real table meets them, and low enough that no document
holds up the others for more than a minute.
"""

MAX_DOCUMENT_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 100_000_000  # of a workbook, which is a zip archive
MAX_CELLS = 1_000_000  # of one table; a row counts as one at least, a merged block as all it covers
MAX_CELL_CHARACTERS = 32_767  # as spreadsheets have it
MAX_CHARACTERS = 50_000_000  # of all cells of one table
MAX_PAGE_BYTES = 20_000_000  # of the content of one page of a PDF, unpacked
MAX_PAGE_OBJECTS = 100_000  # texts, lines and areas that are drawn on one page of a PDF
MAX_PAGE_CHARACTERS = 50_000
MAX_ELEMENTS = 4_000_000  # of a web page
MAX_SECONDS = 30  # of computing
MAX_MEMORY_BYTES = 3_000_000_000
