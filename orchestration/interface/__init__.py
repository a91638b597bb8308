"""The web interface: Dagster's server in this process, the guard before it, the daemon beside it.

Belongs here: who may ask, and starting and stopping. Not here: what the pages show.
"""
