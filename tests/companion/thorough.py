"""What takes long: `make test` does a part of it, `make thorough` the rest."""

import os

THOROUGH = 'THOROUGH' in os.environ
"""Whether `make thorough` runs, which is a part of what CI does."""
