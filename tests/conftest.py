"""What holds for every test: how hypothesis searches."""

import os

from hypothesis import settings

# No deadline: a busy machine is no failure. In CI the same examples every time: a red build is red for everybody.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
