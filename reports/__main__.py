# SPDX-License-Identifier: Apache-2.0
"""`python3 -m reports DIR -o OUT`."""
import sys

from reports.cli import main

sys.exit(main())
