"""How much the tests of this folder try: the environment's `HOLDFAST_MODEL_SCALE`, 1 by default."""

import os

SCALE = int(os.environ.get("HOLDFAST_MODEL_SCALE", "1"))
EXHAUSTIVE = SCALE > 1
