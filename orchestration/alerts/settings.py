"""Where alerts go, as the environment says.

Belongs here: putting together the sinks that are set up, and what is wrong with a setting. Not
here: the variables of a sink (`sinks/`), sending. A value that may be secret is never part of an
error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.alerts.sinks import known_sinks
from orchestration.alerts.sinks.log_file import LogFile
from orchestration.alerts.sinks.sink import PREFIX, SettingError, Sink, UnusableSink

INTERFACE = f"{PREFIX}INTERFACE"
DEFAULT_INTERFACE = "http://127.0.0.1:3000"


@dataclass(frozen=True, slots=True)
class Settings:
    """The sinks, the log first; what must not be shown; and what is wrong."""

    sinks: tuple[Sink, ...]
    interface: str  # address of the web interface, for links
    problems: tuple[str, ...]
    secrets: tuple[str, ...] = field(repr=False)


def read_settings(environment: Mapping[str, str], log: Path) -> Settings:
    """Read the variables. A sink with a wrong one accepts nothing, so that its messages wait."""
    given = {
        name: value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and value.strip()
    }
    kinds = known_sinks()
    variables = (*(variable for kind in kinds for variable in kind.variables), INTERFACE)
    problems = [
        f"{name} is no setting of alerts. Known are {', '.join(variables)}."
        for name in sorted(given)
        if name not in variables
    ]
    sinks: list[Sink] = [LogFile(log)]
    for kind in kinds:
        if given.keys() & set(kind.variables):
            try:
                sinks.append(kind.read(given))
            except SettingError as error:
                problems.append(str(error))
                sinks.append(UnusableSink(kind.name, str(error)))
    return Settings(
        sinks=tuple(sinks),
        interface=given.get(INTERFACE, DEFAULT_INTERFACE).rstrip("/"),
        problems=tuple(problems),
        secrets=tuple(secret for kind in kinds for secret in kind.secrets(given)),
    )
