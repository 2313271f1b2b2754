"""``python -m friendshore`` is the command line."""

import sys

from friendshore.cli import main

if __name__ == "__main__":
    sys.exit(main())
