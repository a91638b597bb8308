"""Files that were damaged, truncated or lost, made again from those that are whole.

Belongs here: what stands in for what, and putting aside what is damaged. Not here: writing a
release (`publish.py`), or telling that a file is damaged (`connection.py`).

A release is made again from the working file where that still says what was published, by the
digest that publication kept. Where it does not, since later work stands in it, readers get the
release before: what no check has passed is never shown. The working file is made again from the
published release. What is damaged is moved to `.yearbook/damaged/`, never deleted.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assets.warehouse.connection import (
    damage_of,
    explained,
    in_memory,
    known_while_open,
    let_go,
    writable,
)
from assets.warehouse.errors import WarehouseDamaged
from assets.warehouse.home import Home
from assets.warehouse.private import private_folder
from assets.warehouse.publish import (
    Release,
    content_of,
    copy_database,
    flip,
    logs_of,
    published_release,
    releases,
    relink,
    remove_database,
    require_closed,
    sync_file,
    sync_folder,
    vintage_of,
    write_release,
    writing,
)
from assets.warehouse.texts.spelled import literal

_IS_WHOLE = "(is whole)"  # is known of a file: all of it was read since it was opened


@dataclass(frozen=True, slots=True)
class Restored:
    """What restore_working found and did."""

    action: Literal["kept", "new", "restored"]
    message: str


def repair(home: Home) -> list[str]:
    """Make again what is damaged or lost; a paragraph on each file, none where all is whole.

    Raises WarehouseBusy where another process writes or has the working file open.
    """
    with writing(home, "repair"):
        told = []
        relinked = relink(home)
        if relinked is not None:
            told.append(f"{home.published} was gone; it names {relinked.path} again.")
        damages = {release.path: damage_of(release.path) for release in releases(home)}
        if home.published.is_symlink():
            path = home.root / os.readlink(home.published)
            damage = damages.pop(path, f"{path} was gone.")
            if damage is not None:
                whole = [each for each in damages if damages[each] is None]
                told.append(f"{damage}\n  {_restore_published(home, path, whole)}")
        for path, damage in damages.items():
            if damage is not None:
                _put_aside(home, path)
                told.append(
                    f"{damage}\n  It was moved to {home.state / 'damaged'}: nothing else says what "
                    "it said. The results of its vintage stand in every later release."
                )
        had_working = home.working.exists()
        working = restore_working(home)
        if (had_working and working.action != "kept") or working.action == "restored":
            told.append(working.message)
        return told


def _restore_published(home: Home, damaged: Path, whole: list[Path]) -> str:
    """See that the published name leads to a whole release; a sentence on where it is from."""
    vintage = vintage_of(damaged)
    same = _says_what_was_published(home, vintage)
    _put_aside(home, damaged)
    if same:
        write_release(home, damaged)
        return (
            f"It was made again from {home.working}, which says row for row what vintage "
            f"{vintage} said."
        )
    moved_on = f"{home.working} does not say any more what vintage {vintage} said"
    earlier = [path for path in whole if vintage_of(path) < vintage]
    if not earlier:
        home.published.unlink()
        return (
            f"Nothing is published now: {moved_on}, and no whole release before it is kept. "
            f"`yearbook refresh` publishes again from landing/."
        )
    before = max(earlier, key=vintage_of)
    flip(home, before)
    return (
        f"Readers get the release before, vintage {vintage_of(before)}: {moved_on}. "
        f"`yearbook refresh` publishes again what came after it."
    )


def _says_what_was_published(home: Home, vintage: str) -> bool:
    """Whether the working file is whole, and still says what was published as this vintage."""
    if not home.working.exists() or not home.published_content.exists():
        return False
    try:
        with writable(home.working) as connection:
            said = f"{vintage} {content_of(connection)}"
    except WarehouseDamaged:
        return False
    return home.published_content.read_text().strip() == said


def restore_working(home: Home) -> Restored:
    """See that there is a whole working file, from the published release where it must be.

    Where nothing is published either, the next write starts a new file.
    Raises WarehouseBusy where another process has the file, WarehouseDamaged where the release
    is gone or damaged too.
    """
    with writing(home, "restore the working file"):
        whole = Restored("kept", f"{home.working} is whole.")
        if _IS_WHOLE in known_while_open(home.working):
            return whole
        damage = damage_of(home.working, writable)
        if home.working.exists() and damage is None:
            known_while_open(home.working)[_IS_WHOLE] = True
            return whole
        release = published_release(home)
        if release is None:
            return _start_new(home, damage)
        _rebuild(home, release)
        reason = "there was no working file" if damage is None else damage
        return Restored(
            "restored",
            f"{home.working} was made anew from release {release.vintage}, because {reason}. "
            f"What had been written since that release must be refreshed again.",
        )


def _start_new(home: Home, damage: str | None) -> Restored:
    """Nothing is published to restore from, so the tables come anew from landing/."""
    if damage is not None:
        _put_aside(home, home.working)
        return Restored(
            "new",
            f"{damage}\n  Nothing is published that could replace it. It was moved to "
            f"{home.state / 'damaged'}; a refresh builds a new one from landing/.",
        )
    for log in logs_of(home.working):  # without its file a log belongs to no one
        log.unlink()
    return Restored("new", f"{home.working} does not exist yet and nothing is published.")


def _rebuild(home: Home, release: Release) -> None:
    fresh = home.state / f".restoring-{os.getpid()}"
    try:
        with explained(release.path), in_memory() as connection:
            connection.execute(f"attach {literal(release.path)} as release (read_only)")
            copy_database(connection, "release", fresh)
        require_closed(fresh)
        sync_file(fresh)
        _put_aside(home, home.working)
        fresh.rename(home.working)
        sync_folder(home.state)
    finally:
        remove_database(fresh)


def _put_aside(home: Home, path: Path) -> None:
    """Keep a damaged file for whoever wants to look; its log must not meet the new file."""
    let_go(path)
    damaged = private_folder(home.state / "damaged")
    for file in (*logs_of(path), path):
        if file.exists():
            file.replace(damaged / file.name)
