"""`python -m pos_tui.providers.sandbox`."""

import sys

from pos_tui.providers.sandbox.command import main

sys.exit(main())
