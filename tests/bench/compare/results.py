"""The table and the chart of a comparison."""
import platform
import statistics

import chart
import targets
from figures import NO_FIGURE, median, medians, shown, table
from server import Server

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


OWN = {key: WORK[key]
       for key in ("units/s", "CPU us per unit", "p50 ms", "p99 ms", "memory MiB")}
RETURN = {"records": plain("records"), "KiB": plain("kilobytes"), "ms": plain("seconds", 1000),
          "requests": plain("requests"), "server's CPU ms": plain("cpu_seconds", 1000)}


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
    options, sync = comparison.options, comparison.sync_ms
    versions = "\n".join(f"- {name}: {version}" for name, version in comparison.versions.items())
    return f"""# Results

Made by `tests/bench/compare.sh`; what the columns mean is in [README.md](README.md).
Medians of {options.runs} runs of {options.seconds} s, interleaved, on {processor()},
Linux {platform.release()}; the server on one core, the load on another. fdatasync of 4 KiB before
the runs: p50 {shown(sync["p50"])} ms, p99 {shown(sync["p99"])} ms.
All of it took {comparison.minutes():.0f} minutes.

{versions}

![CPU per unit](RESULTS.svg)
"""


def own_table(comparison, cases, columns):
    """Of chatd alone: a case a row."""
    rows, notes = [["", *columns]], []
    for case in cases:
        if phases := comparison.figures.get((case, "chatd")):
            rows.append([case.title, *(shown(column(phases)) for column in columns.values())])
        else:
            why = comparison.missing.get((case, "chatd"), "not run")
            notes.append(f"- {case.title}: {' '.join(why.split())[:300]}\n")
    return f"{table(rows)}\n" + ("\n" + "".join(notes) if notes else "")


def growth_table(comparison, axis, cases):
    """What a unit costs, and that as a part of what it costs at the first point."""
    rows = [[axis, f"CPU us per {cases[0].unit}", "to the first", "p99 ms", "memory MiB"]]
    first = next(filter(None, (medians(comparison, case, "cpu_us") for case in cases)), None)
    for case in cases:
        phases = comparison.figures.get((case, "chatd"), [])
        cost = median(phases, "cpu_us")
        memory = plain("memory_kib", 1 / 1024)(phases)
        rows.append([f"{case.at:,}", shown(cost), shown(cost / first if cost else None),
                     shown(milliseconds("p99")(phases)), shown(memory)])
    return f"{table(rows)}\n"


def by_axis(cases):
    axes = {}
    for case in cases:
        if case.axis:
            axes.setdefault(case.axis, []).append(case)
    return axes


def own_sections(comparison, cases):
    alone = [case for case in cases if case.is_own and not case.axis]
    away = [case for case in alone if case.scenario == "s8"]
    beside = [case for case in alone if case.scenario != "s8"]
    if beside:
        yield "### chatd alone\n\n" + own_table(comparison, beside, OWN)
    if by_axis(cases):
        yield "### s7: growth\n\n![Growth](GROWTH.svg)\n"
    for axis, points in by_axis(cases).items():
        yield growth_table(comparison, axis, points)
    if away:
        yield ("### s8: a device that was away for 30 days, from its first byte\n\n" +
               own_table(comparison, away, RETURN))
    if comparison.store:
        yield "### The store by itself\n\n" + store_tables(comparison.store)


def store_tables(lines):
    commits = [line for line in lines if line["what"] != "disk"]
    disk = [line for line in lines if line["what"] == "disk"]
    return "\n".join(table([list(of[0]), *([cell(line[key]) for key in of[0]] for line in of)]) +
                     "\n" for of in (commits, disk) if of)


def cell(value):
    return value if isinstance(value, str) else shown(value)


def write(comparison, cases, servers, folder):
    compared = [case for case in cases if not case.is_own]
    text = "\n".join([heading(comparison), targets.section(comparison),
                      *(section(comparison, case, servers) for case in compared),
                      *own_sections(comparison, cases)])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "RESULTS.md").write_text(text, encoding="utf-8")
    with_bars = [case for case in compared if columns_of(case) is WORK]
    (folder / "RESULTS.svg").write_text(chart.bars(comparison, with_bars, servers),
                                        encoding="utf-8")
    if axes := by_axis(cases):
        (folder / "GROWTH.svg").write_text(chart.growth(comparison, axes), encoding="utf-8")
    print("\n" + text)
