"""``python -m analysis``: see ``analysis.cli``."""

import sys

try:
    from analysis.cli import main

    status = main()
except KeyboardInterrupt:  # while the libraries were loaded
    sys.exit("analysis: stopped.")
sys.exit(status)
