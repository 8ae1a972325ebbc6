"""The table and the chart of a comparison."""
import math
import platform
import statistics

from server import Server

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


def line(case, name, phase):
    figures = ", ".join(f"{key} {shown(phase[key])}" for key in ("cpu_us", "kib_each",
                        "cpu_percent", "missing") if key in phase)
    return f"{case.title}: {name}: {figures}"


def milliseconds(share):
    def column(phases):
        time = median(phases, f"delivery_{share}_us")
        return None if time is None else time / 1000
    return column


def plain(name, factor=1):
    def column(phases):
        value = median(phases, name)
        return None if value is None else value * factor
    return column


def rate(phases):
    return statistics.median(phase["units"] / phase["seconds"] for phase in phases)


# Heading -> what it takes from the runs of one server.
WORK = {"units/s": rate, "CPU us per unit": plain("cpu_us"), "chatd to it": None,
        "p50 ms": milliseconds("p50"), "p99 ms": milliseconds("p99"),
        "p99.9 ms": milliseconds("p999"), "memory MiB": plain("memory_kib", 1 / 1024),
        "load busy": plain("generator_busy")}
IDLE = {"KiB per connection": plain("kib_each"), "CPU % of a core": plain("cpu_percent")}
CRASH = {"acked or delivered": plain("known"), "missing": plain("missing"),
         "missing on a side": plain("missing_on_a_side")}


def columns_of(case):
    if case.measured == "idle":
        return IDLE
    return CRASH if case.scenario == "s5" else WORK


def row(columns, phases, name, own_cost):
    """`chatd to it`: what a unit costs chatd, as a part of what it costs this server."""
    cells = [name]
    for column in columns.values():
        if column is not None:
            cells.append(shown(column(phases)))
        elif name != "chatd" and own_cost and (cost := median(phases, "cpu_us")):
            cells.append(f"1/{shown(cost / own_cost)}")
        else:
            cells.append(NO_FIGURE)
    return cells


def table(rows):
    """In columns as wide as they need, which reads well as Markdown and in a terminal."""
    widths = [max(len(cells[at]) for cells in rows) for at in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"
             for cells in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def section(comparison, case, servers):
    own = comparison.figures.get((case, "chatd"))
    own_cost = median(own, "cpu_us") if own else None
    columns = columns_of(case)
    rows, notes = [["server", *columns]], []
    for kind in servers:
        key = (case, kind.name)
        if key in comparison.figures:
            rows.append(row(columns, comparison.figures[key], kind.name, own_cost))
        else:
            rows.append([kind.name, *[NO_FIGURE] * len(columns)])
            notes.append(f"{kind.name}: {comparison.missing.get(key, 'not run')}")
        if case.scenario == "s4" and kind.fill != Server.fill:
            notes.append(f"{kind.name}: of a group with {kind.fill:,} messages, not "
                         f"{Server.fill:,}")
    unit = f"Unit: {case.unit}.\n\n" if columns is WORK else ""
    text = f"### {case.scenario}: {case.title}\n\n{unit}{table(rows)}\n"
    return text + "".join(f"\n- {' '.join(note.split())[:300]}" for note in notes) + (
        "\n" if notes else "")


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for text in info:
            if text.startswith("model name"):
                return text.partition(":")[2].strip()
    return platform.machine()


def heading(comparison):
    options = comparison.options
    versions = "\n".join(f"- {name}: {version}" for name, version in comparison.versions.items())
    return f"""# Results

Made by `tests/bench/compare.sh`; what the columns mean is in [README.md](README.md).
Medians of {options.runs} runs of {options.seconds} s, interleaved, on {processor()},
Linux {platform.release()}; the server on one core, the load on another.

{versions}

![CPU per unit](RESULTS.svg)
"""


def write(comparison, cases, servers, folder):
    text = "\n".join([heading(comparison),
                      *(section(comparison, case, servers) for case in cases)])
    (folder / "RESULTS.md").write_text(text, encoding="utf-8")
    (folder / "RESULTS.svg").write_text(chart(comparison, cases, servers), encoding="utf-8")
    print("\n" + text)


BAR, LEFT, WIDTH, RIGHT = 18, 150, 520, 90  # pixels


def chart(comparison, cases, servers):
    """Bars of CPU per unit on a logarithmic scale, a group a case."""
    costs = {key: median(phases, "cpu_us") for key, phases in comparison.figures.items()
             if columns_of(key[0]) is WORK}
    known = [cost for cost in costs.values() if cost]
    if not known:
        known = [1]
    low = math.floor(math.log10(min(known)))
    high = max(math.ceil(math.log10(max(known))), low + 1)
    parts, top = [], 30
    for case in cases:
        if columns_of(case) is not WORK:
            continue
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
