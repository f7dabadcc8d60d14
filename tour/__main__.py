"""Run the tour as ``python -m tour``, or as the command ``tour``."""

import signal


def main() -> None:
    """Run the tour and exit; Ctrl-C ends it quietly while it is loaded."""
    # An import that is interrupted ends with a traceback, if it ends. So
    # while nothing has begun, Ctrl-C is left to the system.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from tour import cli

    cli.main()


if __name__ == '__main__':
    main()
