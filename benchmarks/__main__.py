"""Entry point. Thread counts must be set before any numerical library is loaded."""

import os
import sys

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

from benchmarks.runner import main  # noqa: E402  after the thread counts

sys.exit(main())
