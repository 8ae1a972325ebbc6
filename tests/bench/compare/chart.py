"""The charts of a comparison, as SVG."""
import math

from figures import median, medians, shown

BAR, LEFT, WIDTH, RIGHT = 18, 150, 520, 90  # pixels


def bars(comparison, cases, servers):
    """Bars of CPU per unit on a logarithmic scale, a group a case."""
    costs = {key: median(phases, "cpu_us") for key, phases in comparison.figures.items()
             if key[0] in cases}
    known = [cost for cost in costs.values() if cost]
    if not known:
        known = [1]
    low = math.floor(math.log10(min(known)))
    high = max(math.ceil(math.log10(max(known))), low + 1)
    parts, top = [], 30
    for case in cases:
        parts.append(f'<text x="8" y="{top}" font-weight="bold">{case.scenario}: {case.title}, '
                     f'CPU us per {case.unit}</text>')
        top += 8
        for kind in servers:
            cost = costs.get((case, kind.name))
            length = WIDTH * (math.log10(cost) - low) / (high - low) if cost else 0
            fill = "#c0392b" if kind.name == "chatd" else "#7f8c8d"
            parts.append(f'<text x="{LEFT - 6}" y="{top + 13}" text-anchor="end">{kind.name}'
                         f'</text><rect x="{LEFT}" y="{top + 2}" width="{max(length, 1):.0f}" '
                         f'height="{BAR - 4}" fill="{fill}"/><text x="{LEFT + length + 6:.0f}" '
                         f'y="{top + 13}">{shown(cost)}</text>')
            top += BAR
        top += 30
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + RIGHT}" '
            f'height="{top}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) +
            f'\n<text x="{LEFT}" y="{top - 8}">logarithmic, from {10 ** low} to {10 ** high} us'
            f'</text></svg>\n')


COLOURS = "#c0392b", "#2c3e50"  # cost, memory
PANE, GAP, HEIGHT = 300, 90, 180


def growth(comparison, axes):
    """For each axis a pane: cost of a unit on the left scale, memory on the right one."""
    parts = []
    for number, (axis, cases) in enumerate(axes.items()):
        x0, y0 = 60 + number % 2 * (PANE + GAP + 60), 50 + number // 2 * (HEIGHT + 90)
        parts.append(pane(comparison, axis, cases, x0, y0))
    rows = (len(axes) + 1) // 2
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * (PANE + GAP + 60)}" '
            f'height="{30 + rows * (HEIGHT + 90)}" font-family="sans-serif" font-size="12">'
            '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "</svg>\n")


def pane(comparison, axis, cases, x0, y0):
    parts = [f'<rect x="{x0}" y="{y0}" width="{PANE}" height="{HEIGHT}" fill="none" '
             f'stroke="#bdc3c7"/><text x="{x0 + PANE / 2}" y="{y0 + HEIGHT + 34}" '
             f'text-anchor="middle">{axis}</text>']
    lowest = math.log10(max(min(case.at for case in cases), 1))
    highest = max(math.log10(max(case.at for case in cases)), lowest + 1)

    def place(case):
        share = (math.log10(max(case.at, 1)) - lowest) / (highest - lowest)
        return x0 + 12 + share * (PANE - 24)

    for case in cases:
        parts.append(f'<text x="{place(case):.0f}" y="{y0 + HEIGHT + 16}" text-anchor="middle" '
                     f'font-size="10">{case.at:,}</text>')
    lines = (("cpu_us", 1, f"CPU us per {cases[0].unit.split()[0]}", x0 - 6, "end"),
             ("memory_kib", 1 / 1024, "memory MiB", x0 + PANE + 6, "start"))
    for colour, (name, factor, title, scale_x, anchor) in zip(COLOURS, lines):
        values = [(case, medians(comparison, case, name)) for case in cases]
        values = [(place(case), value * factor) for case, value in values if value is not None]
        if not values:
            continue
        top = 1.25 * max(value for _, value in values)
        points = [(x, y0 + HEIGHT * (1 - value / top)) for x, value in values]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), (_, value) in zip(points, values):
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>'
                         f'<text x="{x:.0f}" y="{y - 7:.0f}" text-anchor="middle" font-size="10" '
                         f'fill="{colour}">{shown(value)}</text>')
        parts.append(f'<text x="{scale_x}" y="{y0 - 6}" text-anchor="{anchor}" fill="{colour}">'
                     f'{title}</text><text x="{scale_x}" y="{y0 + 10}" text-anchor="{anchor}" '
                     f'font-size="10" fill="{colour}">{shown(top)}</text>'
                     f'<text x="{scale_x}" y="{y0 + HEIGHT}" text-anchor="{anchor}" '
                     f'font-size="10" fill="{colour}">0</text>')
    return "\n".join(parts)
