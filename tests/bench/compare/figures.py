"""Figures of several runs as one, and as words."""
import math
import statistics

NO_FIGURE = "-"


def median(phases, name):
    values = [phase[name] for phase in phases if name in phase]
    return statistics.median(values) if values else None


def shown(value, digits=3):
    """With so many significant digits; thousands stay readable."""
    if value is None:
        return NO_FIGURE
    if value >= 1000 or float(value).is_integer():
        return f"{value:,.0f}"
    places = max(0, digits - 1 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:.{places}f}"


def table(rows):
    """In columns as wide as they need, which reads well as Markdown and in a terminal."""
    widths = [max(len(cells[at]) for cells in rows) for at in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"
             for cells in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def medians(comparison, case, name, server="chatd"):
    """The median of a figure over the runs; None where there is none."""
    return median(comparison.figures.get((case, server), []), name)
