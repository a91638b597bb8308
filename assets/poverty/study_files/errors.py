"""What is raised where a study file cannot be used.

Belongs here: the error alone, since the command line names it before it reads any study.
"""


class StudyError(Exception):
    """A study file that cannot be used; the message names the file and every field at fault."""
