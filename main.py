"""QRace: `python main.py` opens the window, `python main.py --help` lists the rest."""

import sys

from qrace.cli import main

if __name__ == "__main__":
    sys.exit(main())
