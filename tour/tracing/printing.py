"""Which lines are printed, and who prints them."""

import sys
from typing import Any

from tour.tracing.facts import Printed
from tour.tracing.places import place_above
from tour.tracing.recorder import Recorder

TEXT = 200
"""So many characters of a line are kept."""


class Printing:
    """Notes the lines of standard output and error."""

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self._both = 0
        self._lines = {'out': 0, 'err': 0}
        self._rest: dict[str, str] = {'out': '', 'err': ''}

    def tap(self) -> None:
        """Tap both, as they are now."""
        for stream, file in ('out', sys.stdout), ('err', sys.stderr):
            if file is not None:
                self._tap(stream, file)

    def _tap(self, stream: str, file: Any) -> None:
        write = file.write
        rest = self._rest

        def traced_write(text: str) -> Any:
            result = write(text)
            if isinstance(text, str):
                # print writes the end of a line by itself
                if '\n' in text:
                    self._note(stream, rest[stream] + text)
                else:
                    rest[stream] += text
            return result

        file.write = traced_write

    def _note(self, stream: str, text: str) -> None:
        recorder = self._recorder
        *lines, self._rest[stream] = text.split('\n')
        time = recorder.now()
        at = place_above(sys._getframe(1).f_back)
        for line in lines:
            self._both += 1
            self._lines[stream] += 1
            recorder.add(
                Printed(
                    *(time, stream, self._lines[stream], self._both),
                    *(line[:TEXT], recorder.turn, recorder.run, at),
                )
            )
