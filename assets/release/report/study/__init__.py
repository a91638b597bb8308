"""The section of the report on one yearly study.

Belongs here: its rows (`study_result.py`), tables, graphs and feet, and their order
(`study_section.py`). Not here: drawing (`pictures/`), HTML.
"""
