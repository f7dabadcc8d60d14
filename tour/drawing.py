"""How a timeline is drawn: as a picture in a file, by matplotlib."""

from pathlib import Path

from tour.timeline import Client, TimelineError

FORMATS = ('.svg', '.png')


def check(path: Path) -> None:
    """Raise TimelineError if nothing can be drawn there."""
    if path.suffix not in FORMATS:
        raise TimelineError(f'Not the name of an .svg or .png file: {path}')
    if not path.absolute().parent.is_dir():
        raise TimelineError(f'There is no directory {path.parent}')
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise TimelineError(
            "This needs matplotlib: pip install -e '.[site]'"
        ) from None


_LANE = 0.5
"""How high the lane of a task is, in inches."""

_WIDTH = 9
"""How wide the picture is, in inches."""


def draw(clients: list[Client], title: str, path: Path) -> None:
    """
    Draw the clients one above the other, on one time axis.

    Each task has a lane, in which a step is a piece of its poem; while it
    waits for the first one the lane is hatched. A client's scene is named
    if there are several. path: an .svg or .png
    file. Raises TimelineError if that can't be written.
    """
    check(path)
    import matplotlib
    from matplotlib.figure import Figure

    heights = [len(client.tasks) * _LANE for client in clients]
    # text that can be searched and read aloud, and the same file each time
    style = {
        'svg.fonttype': 'none',
        'svg.hashsalt': title,
        'font.size': 9,
        'hatch.linewidth': 0.5,
    }
    with matplotlib.rc_context(style):
        figure = Figure(
            figsize=(_WIDTH, sum(heights) + 0.5 * len(clients) + 0.9),
            layout='constrained',
        )
        figure.suptitle(title, fontweight='bold')
        axes = figure.subplots(
            len(clients),
            1,
            sharex=True,
            squeeze=False,
            gridspec_kw={'height_ratios': heights},
        )[:, 0]
        end = max(client.duration for client in clients)
        several = len({client.scene for client in clients}) > 1
        for ax, client in zip(axes, clients):
            _draw_client(ax, client, _caption(client, several), end)
        axes[-1].set_xlim(0, end * 1.13)
        axes[-1].set_xlabel('seconds since the client was started')
        metadata = {'Title': title}
        if path.suffix == '.svg':
            metadata['Date'] = None
        try:
            figure.savefig(path, metadata=metadata, dpi=120)
        except OSError as error:
            raise TimelineError(
                f'Cannot write {path}: {error.strerror}'
            ) from error


def _caption(client: Client, with_scene: bool) -> str:
    """Return what stands above a client: its scene, script and duration."""
    caption = f'{client.script}, {client.duration:.1f} s'
    return f'Scene {client.scene}: {caption}' if with_scene else caption


def _draw_client(ax, client: Client, caption: str, end: float) -> None:
    """
    Draw the lanes of a client, its first task on top.

    end: the duration of the longest client, in seconds.
    """
    ax.set_title(caption, loc='left', fontsize=9)
    count = len(client.tasks)
    for number, task in enumerate(client.tasks):
        bottom = count - 1 - number
        first, last, total = task.times[0], task.times[-1], task.totals[-1]
        ax.broken_barh(
            [(0, first)],
            (bottom, 0.8),
            facecolor='0.95',
            edgecolor='0.6',
            hatch='////',
            linewidth=0.5,
        )
        ax.fill_between(
            [first, *task.times],
            bottom,
            [bottom] + [bottom + 0.8 * sum_ / total for sum_ in task.totals],
            step='post',
            facecolor='0.35',
            edgecolor='0',
            linewidth=0.8,
        )
        if first > end / 8:
            ax.text(
                first / 2,
                bottom + 0.4,
                'waiting',
                horizontalalignment='center',
                verticalalignment='center',
                bbox={'facecolor': 'white', 'edgecolor': 'none', 'pad': 1.5},
            )
        ax.annotate(
            f'{total} bytes',
            (last, bottom + 0.4),
            xytext=(5, 0),
            textcoords='offset points',
            verticalalignment='center',
        )
    ax.set_yticks(
        [count - 1 - number + 0.4 for number in range(count)],
        [task.name for task in client.tasks],
    )
    ax.set_ylim(-0.1, count)
    ax.tick_params(axis='y', length=0)
    ax.grid(axis='x', color='0.85', linewidth=0.5)
    ax.set_axisbelow(True)
    for side in 'top', 'right', 'left':
        ax.spines[side].set_visible(False)
