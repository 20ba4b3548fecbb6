"""`python -m tests.doubles.hub PORT` runs the double until it is interrupted."""

import signal
import sys
from contextlib import suppress

from tests.doubles.hub.server import running_hub

if __name__ == "__main__":
    with running_hub(int(sys.argv[1])) as hub, suppress(KeyboardInterrupt):
        print(hub.address, flush=True)
        signal.pause()
