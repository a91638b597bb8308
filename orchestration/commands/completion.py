"""`yearbook completion`: the commands and options that a shell offers when Tab is pressed.

Belongs here: the script of each shell, made of the declared commands. Not here: the commands.
"""

import argparse

from assets.warehouse.home import Home
from orchestration.commands.command import OK, Command, commands

_BASH = """_yearbook() {
    local word="${COMP_WORDS[COMP_CWORD]}" words="" files=""
    if [ "$COMP_CWORD" -eq 1 ]; then words="%(names)s"; else
    case "${COMP_WORDS[1]}" in
%(cases)s
    esac
    [[ "$word" == -* ]] || files="-f"; fi
    COMPREPLY=($(compgen $files -W "$words" -- "$word"))
}
complete -o filenames -F _yearbook yearbook
"""
_ZSH = "autoload -U +X bashcompinit && bashcompinit\n"
_FISH = "complete -c yearbook -n __fish_use_subcommand -a {name} -d '{help}'"
_FISH_OPTION = "complete -c yearbook -n '__fish_seen_subcommand_from {name}' -l {option}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="which shell")


def _run(_home: Home, options: argparse.Namespace) -> int:
    """Print the script, for the shell to read when it starts."""
    known = {command: _options(command) for command in commands(None)}
    if options.shell == "fish":
        for command, own in known.items():
            print(_FISH.format(name=command.name, help=command.help.replace("'", "\\'")))
            for option in own:
                print(_FISH_OPTION.format(name=command.name, option=option.removeprefix("--")))
        return OK
    names = " ".join(command.name for command in known)
    cases = "\n".join(
        f'        {command.name}) words="{" ".join(own)}" ;;' for command, own in known.items()
    )
    print((_ZSH if options.shell == "zsh" else "") + _BASH % {"names": names, "cases": cases})
    return OK


def _options(command: Command) -> list[str]:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    actions = parser._actions  # argparse has no other way to list them
    return [each for action in actions for each in action.option_strings if each.startswith("--")]


COMMAND = Command(
    160,
    "completion",
    "what the shell offers for Tab",
    _run,
    _arguments,
    examples=(
        "yearbook completion bash > ~/.local/share/bash-completion/completions/yearbook",
        "yearbook completion fish > ~/.config/fish/completions/yearbook.fish",
    ),
)
