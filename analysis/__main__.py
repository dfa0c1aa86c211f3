"""``python -m analysis``: see ``analysis.cli``."""

import sys

try:
    from analysis.cli import main

    status = main()
except KeyboardInterrupt:  # while the libraries were loaded
    print("analysis: stopped.", file=sys.stderr)
    status = 130  # as shells have it
sys.exit(status)
