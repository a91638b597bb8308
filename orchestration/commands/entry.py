"""Where the program `yearbook` begins: nothing but the standard library is loaded before Ctrl-C is
heard, since loading the rest takes longer than a user's change of mind.

Belongs here: that alone. Not here: the commands and what becomes of errors (`cli.py`).
"""

import atexit
import os
import sys

_PROBLEMS = 1
_INTERRUPTED = 130  # what a shell expects of a program ended by Ctrl-C


def program() -> None:
    """The command line, and then the end of this process.

    What the command registered to be done at the end is done. What Python would do after it is
    not: it would take apart, object by object, what Dagster and pandas consist of, which takes a
    second after a refresh.
    """
    codes: list[int] = []
    atexit.register(_end, codes)  # the first one, and so called after all others
    codes.append(main())
    sys.exit(codes[0])


def _end(codes: list[int]) -> None:
    if codes:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            return  # Python tries again, and tells of it
        os._exit(codes[0])


def main() -> int:
    """Run the command line; gives its exit code, 130 after Ctrl-C at whatever moment.

    A module of which Python kept a cut-off copy is told of, and the copy removed.
    """
    try:
        from orchestration.commands.cli import main as command_line

        return command_line()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return _INTERRUPTED
    except (EOFError, ValueError) as error:
        copy = _spoiled_copy(error)
        if copy is None:
            raise
        os.unlink(copy)
        print(
            f"{copy} is cut off or damaged, as where the disk was full when Python wrote it.\n"
            "  It is a copy that Python makes again, and was removed. Nothing else was changed; "
            "run it again.",
            file=sys.stderr,
        )
        return _PROBLEMS


def _spoiled_copy(error: Exception) -> str | None:
    """The file of compiled code that Python could not read, where the error is about one.

    Python 3.11 writes such a file as far as there is room, and keeps it (CPython, issue 126606).
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_code.co_name != "_compile_bytecode":
        return None
    found = trace.tb_frame.f_locals.get("bytecode_path")
    return str(found) if found else None


if __name__ == "__main__":
    program()
