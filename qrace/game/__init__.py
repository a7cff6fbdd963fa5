"""The window: clock, keys and modes.

Two threads work here, one that steps and draws and one that learns. Matrices this small gain nothing from further
threads, and those of BLAS keep a core busy while they wait, so there is to be one per caller. The libraries read this
when numpy is first imported, which no module of the command line does before it comes here.
"""

import os

for _library in ("OPENBLAS", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
