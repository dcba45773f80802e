"""A pytest plugin that hides what only Unix has, so that the tests run as they would where it is missing.

PYTHONPATH=tests python -m pytest -p without_unix ...
"""

import sys

HIDDEN = ("fcntl", "grp", "pwd", "resource", "termios", "uvloop")

for name in HIDDEN:
    sys.modules[name] = None
