"""
The vocabulary of all drawings: text, ticks, bars, brackets, arrows, boxes.

A drawing has one colour, that of the text around it, in several strengths,
and no ground of its own. So it is read on light and dark pages alike, also
by those who don't see colours, and when it is printed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tour.errors import TourError

FORMATS = ('.svg', '.png')
"""The suffixes of files that a drawing can be saved as."""

SIZE = 13
"""How high text is if nothing is said, in units of the drawing."""

FAINT, SOFT, STRONG = 0.18, 0.6, 1.0
"""How strong something is drawn."""

Point = tuple[float, float]

_FONT = 'system-ui, "Segoe UI", "DejaVu Sans", "Noto Sans", sans-serif'
_MONO = 'ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono", monospace'

_DARK = 'svg { color: #1f2328 } @media (prefers-color-scheme: dark)'
_STYLE = f'{_DARK} {{ svg {{ color: #d1d7e0 }} }}'
"""What a picture looks like that stands in no page of ours."""

_SCALE = 2
"""Pixels of a PNG for each unit of the drawing."""


class DrawingError(TourError):
    """A drawing can't be saved there."""


def check(path: Path) -> None:
    """Raise DrawingError if no drawing can be saved there."""
    if path.suffix not in FORMATS:
        raise DrawingError(f'Not the name of an .svg or .png file: {path}')
    if not path.absolute().parent.is_dir():
        raise DrawingError(f'There is no directory {path.parent}')
    if path.suffix == '.png':
        try:
            import resvg_py  # noqa: F401
        except ImportError:
            raise DrawingError(
                "A .png file needs resvg-py: pip install -e '.[site]'",
                'An .svg file needs nothing.',
            ) from None


def width_of(
    text: str, size: float = SIZE, mono: bool = False, bold: bool = False
) -> float:
    """Return about how wide text is, in units; rather more than less."""
    return len(text) * size * (0.61 if mono else 0.64 if bold else 0.56)


class Drawing:
    """
    A drawing that grows as things are put into it.

    Units are pixels at the size at which text is meant to be read; x grows
    to the right, y downwards. A text stands on its y, and is centred on it
    where that is said.

    title: what the drawing says, in a sentence. description: the same at
    more length, for those who hear it. width: in units. height: grows as
    needed, and may be set.
    """

    def __init__(self, title: str, description: str, width: float):
        self.title = title
        self.description = description
        self.width = width
        self.height = 0.0
        self._hatched = False
        # several drawings may stand in one page
        digest = hashlib.sha1(f'{title}\n{description}'.encode())
        self._id = f'drawing-{digest.hexdigest()[:8]}'
        self._root = Element('g')
        self._at = self._root

    @contextmanager
    def group(self, **attributes: str) -> Iterator[None]:
        """
        Put what is drawn in this context into a group.

        attributes: of the group; ``_`` stands for ``-``, and a last one
        for nothing: ``class_='path', data_line='7'``.
        """
        outer = self._at
        names = {
            name.rstrip('_').replace('_', '-'): value
            for name, value in attributes.items()
        }
        self._at = SubElement(outer, 'g', names)
        try:
            yield
        finally:
            self._at = outer

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Put what is drawn in this context behind all that is there."""
        outer = self._at
        self._at = Element('g')
        try:
            yield
        finally:
            self._root.insert(0, self._at)
            self._at = outer

    def _add(self, tag: str, bottom: float, **attributes: object) -> Element:
        """Add an element, and let the drawing reach down to it."""
        self.height = max(self.height, bottom)
        return SubElement(
            self._at,
            tag,
            {
                name.rstrip('_').replace('_', '-'): _text(value)
                for name, value in attributes.items()
                if value is not None
            },
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = 'start',
        size: float = SIZE,
        bold: bool = False,
        mono: bool = False,
        middle: bool = False,
        strength: float = STRONG,
    ) -> None:
        """
        Put text at a point.

        anchor: ``start``, ``middle`` or ``end`` of the text is at x.
        middle: y is the middle of the text's height, not its base line.
        """
        element = self._add(
            'text',
            y + size / 2,
            x=x,
            y=y + 0.35 * size if middle else y,
            text_anchor=None if anchor == 'start' else anchor,
            font_size=None if size == SIZE else size,
            font_weight='bold' if bold else None,
            font_family=_MONO if mono else None,
            fill_opacity=None if strength == STRONG else strength,
        )
        element.text = text

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        bold: bool = False,
    ) -> float:
        """Put text into as many lines as it needs; return the last y."""
        room = self.width - x
        lines = wrap(text, int(room / width_of('m', size, bold=bold)))
        for number, line in enumerate(lines):
            self.text(x, y + 1.35 * size * number, line, size=size, bold=bold)
        return y + 1.35 * size * (len(lines) - 1)

    def line(
        self,
        *points: Point,
        strength: float = STRONG,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """Draw a line through the points."""
        self._add(
            'polyline',
            max(y for _, y in points) + width,
            points=_points(points),
            fill='none',
            stroke='currentColor',
            stroke_opacity=None if strength == STRONG else strength,
            stroke_width=None if width == 1 else width,
            stroke_dasharray='2 3' if dashed else None,
        )

    def ticks(
        self, xs: list[float], y: float, height: float, width: float = 1.2
    ) -> None:
        """Draw upright ticks from y down, as one path."""
        if xs:
            self._add(
                'path',
                y + height,
                d=''.join(
                    f'M{_text(x)} {_text(y)}v{_text(height)}' for x in xs
                ),
                stroke='currentColor',
                stroke_width=width,
            )

    def bar(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        strength: float = STRONG,
        hatched: bool = False,
        says: str = '',
    ) -> None:
        """
        Draw a bar, filled in that strength, or hatched.

        says: what it tells when one points at it.
        """
        self._hatched |= hatched
        element = self._add(
            'rect',
            y + height,
            x=x,
            y=y,
            width=width,
            height=height,
            fill=f'url(#{self._id}-hatch)' if hatched else None,
            fill_opacity=strength if not hatched and strength < 1 else None,
        )
        if says:
            SubElement(element, 'title').text = says

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str = '',
        *,
        mono: bool = True,
        dashed: bool = False,
        strength: float = STRONG,
    ) -> None:
        """Draw the outline of a box, with text in its middle."""
        self._add(
            'rect',
            y + height + 1,
            x=x,
            y=y,
            width=width,
            height=height,
            rx=3,
            fill='none',
            stroke='currentColor',
            stroke_opacity=None if strength == STRONG else strength,
            stroke_dasharray='4 3' if dashed else None,
        )
        if text:
            self.text(
                x + width / 2,
                y + height / 2,
                text,
                anchor='middle',
                middle=True,
                mono=mono,
                strength=strength,
            )

    def bracket(
        self, start: float, end: float, y: float, text: str, size: float = 12
    ) -> None:
        """Draw a bracket that opens upwards, with text below its middle."""
        self.line((start, y), (start, y + 5), (end, y + 5), (end, y))
        half = width_of(text, size) / 2
        middle = (start + end) / 2
        middle = min(max(middle, half), max(self.width - half, half))
        self.text(middle, y + 7 + size, text, anchor='middle', size=size)

    def arrow(
        self,
        *points: Point,
        strength: float = STRONG,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """Draw a line through the points that ends in an arrowhead."""
        self.line(*points, strength=strength, width=width, dashed=dashed)
        (x0, y0), (x, y) = points[-2:]
        length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 or 1
        u, v = (x - x0) / length, (y - y0) / length
        back, side = 7 + width, 3 + width
        wings = [
            (x - back * u + s * side * v, y - back * v - s * side * u)
            for s in (1, -1)
        ]
        self._add(
            'polygon',
            y + side,
            points=_points([(x, y), *wings]),
            fill_opacity=None if strength == STRONG else strength,
        )

    def cross(self, x: float, y: float, size: float = 5) -> None:
        """Draw a cross around a point: what failed ended there."""
        for s in 1, -1:
            self.line(
                (x - size, y - s * size), (x + size, y + s * size), width=2
            )

    def svg(self, inline: bool = False) -> str:
        """
        Return the drawing as SVG.

        inline: to be put into a page, and coloured by it; otherwise it is a
        file of its own, dark or light as its reader has chosen.
        """
        width, height = self.width, self.height + 4
        root = Element(
            'svg',
            {
                'xmlns': 'http://www.w3.org/2000/svg',
                'viewBox': f'0 0 {_text(width)} {_text(height)}',
                'role': 'img',
                'aria-labelledby': f'{self._id}-title',
                'aria-describedby': f'{self._id}-desc',
                'font-family': _FONT,
                'font-size': str(SIZE),
                'fill': 'currentColor',
            },
        )
        if not inline:
            root.set('width', _text(width))
            root.set('height', _text(height))
        title = SubElement(root, 'title', {'id': f'{self._id}-title'})
        title.text = self.title
        description = SubElement(root, 'desc', {'id': f'{self._id}-desc'})
        description.text = self.description
        if not inline:
            SubElement(root, 'style').text = _STYLE
        if self._hatched:
            self._define_hatch(root)
        root.append(self._root)
        ElementTree.indent(root, '')
        return ElementTree.tostring(root, 'unicode') + '\n'

    def _define_hatch(self, root: Element) -> None:
        pattern = SubElement(
            root,
            'pattern',
            {
                'id': f'{self._id}-hatch',
                'width': '5',
                'height': '5',
                'patternUnits': 'userSpaceOnUse',
                'patternTransform': 'rotate(45)',
            },
        )
        attributes = {'width': '1.6', 'height': '5', 'fill-opacity': '0.5'}
        SubElement(pattern, 'rect', attributes)

    def save(self, path: Path) -> None:
        """Write an .svg or .png file; raise DrawingError if that fails."""
        check(path)
        is_svg = path.suffix == '.svg'
        data = self.svg().encode() if is_svg else self._png()
        try:
            path.write_bytes(data)
        except OSError as error:
            raise DrawingError(
                f'Cannot write {path}: {error.strerror}'
            ) from error

    def _png(self) -> bytes:
        """Return the drawing in black on white."""
        import resvg_py

        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=self.svg(inline=True),
                zoom=_SCALE,
                background='white',
                font_family='DejaVu Sans',
            )
        )


def _text(value: object) -> str:
    """Return an attribute's text: numbers with one digit at most."""
    if isinstance(value, int | float):
        return f'{value:.1f}'.removesuffix('.0')
    return str(value)


def _points(points: list[Point] | tuple[Point, ...]) -> str:
    return ' '.join(f'{_text(x)},{_text(y)}' for x, y in points)
