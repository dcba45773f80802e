"""A pytest plugin that hides the modules that only Unix has, so that tests run as on other systems.

PYTHONPATH=tests python -m pytest -p without_unix ...
"""

import sys

HIDDEN = ("fcntl", "grp", "pwd", "resource", "termios", "uvloop")

for name in HIDDEN:
    sys.modules[name] = None
