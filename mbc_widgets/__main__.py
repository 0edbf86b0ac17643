"""The `mbc` command; `python -m mbc_widgets` is the same. The commands themselves are in `mbc_widgets.cli`."""

import sys

from mbc_widgets.cli.commands import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
