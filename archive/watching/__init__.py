"""How sources are, for an operator who does not look every day: judged, shown, measured and told.

`judging` asks the store and `archive.health`; `command` prints it; `metrics` is for Prometheus; `notifying` tells a
command or a web hook.
"""
