"""What can be measured, and how it is printed: indicators, definitions, units, marks of status.

Belongs here: what a label, a unit, a mark or a former name means, whatever the document. Not here:
what one document says (`cards/`), and where regions lie (`regions/`).
"""
