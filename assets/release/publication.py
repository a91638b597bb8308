"""Publishing a vintage: from the working file to the file that readers open.

Belongs here: what is published and what is kept. Not here: how a file is published safely
(`assets/warehouse/publish.py`).
"""

from collections.abc import Collection

from assets.warehouse.home import Home
from assets.warehouse.publish import Release, prune, publish, releases

KEPT_RELEASES = 24


def publish_vintage(home: Home, vintage: str, published: Collection[str]) -> Release:
    """Publish the working file under `vintage` and keep the last KEPT_RELEASES files.

    published: names of the vintages published before. A release file of this running number that
    is not among them was written by a run that died before the published name came to point to it;
    it is removed, since nobody ever read it. Files of other numbers are left alone, whatever
    `published` says. Raises what `publish` raises.
    """
    number, _, _ = vintage.partition("-")
    for release in releases(home):
        if release.vintage.startswith(f"{number}-") and release.vintage not in published:
            release.path.unlink()
    release = publish(home, vintage)
    prune(home, KEPT_RELEASES)
    return release
