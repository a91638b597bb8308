"""Where the program `yearbook` begins: nothing but the standard library is loaded before Ctrl-C is
heard, since loading the rest takes longer than a user's change of mind.

Belongs here: that alone. Not here: the commands and what becomes of errors (`cli.py`).
"""

import sys

_INTERRUPTED = 130  # what a shell expects of a program ended by Ctrl-C


def main() -> int:
    """Run the command line; gives its exit code, 130 after Ctrl-C at whatever moment."""
    try:
        from orchestration.commands.cli import main as command_line

        return command_line()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
