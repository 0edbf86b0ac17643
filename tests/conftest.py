"""What all tests share: this checkout is what a started process imports."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
