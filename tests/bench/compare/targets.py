"""What chatd is to reach, and whether it did in this comparison."""
import dataclasses
import typing

from cases import by_point, find
from figures import NO_FIGURE, medians, shown, table

EJABBERD, PROSODY = "ejabberd Mnesia", "prosody files"
MOSQUITTO, NATS = "mosquitto QoS 1", "nats core"

S1 = find("s1", "200 pairs")
AT_500 = find("s1-open", "200 pairs, 500")
AT_HALF = find("s1-open", "200 pairs, half")
ONE_ROOM = find("s2", "1 group")
TEN_ROOMS = find("s2", "10 groups")
TWO_THREADS = find("s2", "10 groups of 100, 4 in flight each, 2")
IDLE = find("s3", "10,000 connections")
TOKEN = find("s3", "10,000 log in by token")
CONNECT = find("s3", "10,000 shake hands")
PAGES = find("s4", "newest")
CRASH = find("s5", "200 pairs")
PRESENCE = find("s6", "presence")
ACROSS = find("s9", "200 pairs")


@dataclasses.dataclass
class Target:
    what: str
    wanted: str
    measure: typing.Callable  # the comparison -> a number or None
    is_met: typing.Callable   # the number -> bool
    show: typing.Callable = shown


def fraction(value):
    return f"1/{shown(1 / value)}" if value < 1 else f"{shown(value)} times"


def ratio(case, peer, name="cpu_us"):
    def measure(comparison):
        own = medians(comparison, case, name)
        theirs = medians(comparison, case, name, peer)
        return own / theirs if own and theirs else None
    return measure


def against(what, case, peer, part, name="cpu_us"):
    """At most 1/part of what it is for the peer."""
    return Target(f"{what}, {peer}", f"at most 1/{part:g}" if part != 1 else "not above",
                  ratio(case, peer, name), lambda value: value <= 1 / part, fraction)


def figure(case, name, factor=1):
    def measure(comparison):
        value = medians(comparison, case, name)
        return None if value is None else value * factor
    return measure


def quotient(upper, lower):
    def measure(comparison):
        above, below = upper(comparison), lower(comparison)
        return above / below if above is not None and below else None
    return measure


def at_most(what, limit, measure, unit=""):
    return Target(what, f"at most {limit:g}{unit}", measure, lambda value: value <= limit,
                  lambda value: shown(value) + unit)


def at_least(what, limit, measure, unit=""):
    return Target(what, f"at least {limit:g}{unit}", measure, lambda value: value >= limit,
                  lambda value: shown(value) + unit)


def store(what, name, in_flight=None, room=None):
    def measure(comparison):
        for line in comparison.store:
            if line["what"] == what and in_flight in (None, line.get("in_flight")) and \
                    room in (None, line.get("room")):
                return line[name]
        return None
    return measure


def spread(axis):
    """The dearest point of a growth axis to its first."""
    def measure(comparison):
        costs = [medians(comparison, case, "cpu_us") for case in by_point(axis)]
        return max(costs) / costs[0] if None not in costs else None
    return measure


def two_cores(comparison):
    """What two threads could do on a core each, as far as their CPU per delivery says."""
    one = medians(comparison, TEN_ROOMS, "cpu_us")
    both = medians(comparison, TWO_THREADS, "cpu_us")
    busiest = medians(comparison, TWO_THREADS, "busiest_us")
    return one / max(busiest, both / 2) if one and both else None


def proportional(comparison):
    """KiB of a full sync: what each further record adds, by what a record takes in the largest."""
    found = [(medians(comparison, case, "records"),
              medians(comparison, case, "kilobytes"))
             for case in (find("s8", f"1,100 rooms, {news} new records: all")
                          for news in ("1,000", "100,000"))]
    if None in (value for pair in found for value in pair):
        return None
    (few, small), (many, large) = found
    return (large / small) / (many / few)


TARGETS = [
    *(against("s1 CPU per message", S1, peer, part)
      for peer, part in ((EJABBERD, 30), (PROSODY, 40), (MOSQUITTO, 1))),
    against("s1 at 500/s: p50", AT_500, EJABBERD, 1, "delivery_p50_us"),
    against("s1 at 500/s: p99", AT_500, EJABBERD, 2, "delivery_p99_us"),
    at_most("s1 at half of its limit: p99 to fdatasync's p99", 3,
            quotient(figure(AT_HALF, "delivery_p99_us", 1e-3), lambda run: run.sync_ms["p99"]),
            " times"),
    *(against(f"s2 CPU per delivery, {name}", case, peer, part)
      for case, name in ((ONE_ROOM, "one room"), (TEN_ROOMS, "ten rooms"))
      for peer, part in ((EJABBERD, 30), (PROSODY, 35), (MOSQUITTO, 6), (NATS, 3))),
    at_most("s3 memory per idle connection", 22, figure(IDLE, "kib_each"), " KiB"),
    at_most("s3 CPU per login by token, to handshake and upgrade alone", 1.3,
            quotient(figure(TOKEN, "cpu_us"), figure(CONNECT, "cpu_us")), " times"),
    at_most("s3 idle CPU at 10,000 connections", 1, figure(IDLE, "cpu_percent"), " %"),
    at_most("20 active beside 10,000 idle: CPU per message", 1.15,
            quotient(figure(find("s1-idle", "20 pairs beside 10,000"), "cpu_us"),
                     figure(find("s1-idle", "20 pairs beside 0"), "cpu_us")), " times"),
    against("s4 CPU per page", PAGES, EJABBERD, 200),
    against("s4 CPU per page", PAGES, PROSODY, 500),
    at_most("s5 acked and missing", 0, figure(CRASH, "missing")),
    against("s6 CPU per presence delivery", PRESENCE, EJABBERD, 20),
    against("s6 CPU per presence delivery", PRESENCE, PROSODY, 30),
    *(at_least(f"durable commit, {in_flight} in flight, to direct keys", part,
               quotient(store("folding", "rate", in_flight), store("direct", "rate", in_flight)),
               " times") for in_flight, part in ((64, 3), (512, 8))),
    at_most("durable commit, 64 in flight: CPU per message", 8, store("folding", "cpu_us", 64),
            " us"),
    at_most("durable commit, 64 in flight: p99 with folding to without", 1.5,
            quotient(store("folding", "p99_ms", 64), store("not folding", "p99_ms", 64)),
            " times"),
    at_most("disk per message, rooms of 50", 150, store("disk", "packed", room=50), " bytes"),
    at_most("disk per message, rooms of three", 250, store("disk", "packed", room=3), " bytes"),
    at_most("s1's p99 beside logins by password", 2,
            quotient(figure(find("s1-logins", "200 pairs, a quarter of its own limit, 8"),
                            "delivery_p99_us"),
                     figure(find("s1-logins", "200 pairs, a quarter of its own limit, nobody"),
                            "delivery_p99_us")), " times"),
    at_most("growth: dearest to cheapest from 10 to 1,000,000 rooms", 1.2,
            spread("rooms on the server"), " times"),
    at_most("growth: the same from 100 to 5,000,000 messages in a room", 1.2,
            spread("messages in the room"), " times"),
    at_most("s8 first screen, 10,000 new records", 256,
            figure(find("s8", "1,100 rooms, 10,000 new records: first"), "kilobytes"), " KiB"),
    at_most("s8 first screen, 10,000 new records", 300,
            figure(find("s8", "1,100 rooms, 10,000 new records: first"), "seconds", 1e3), " ms"),
    at_most("s8 full sync: growth of bytes to growth of what is new", 1.1, proportional,
            " times"),
    at_most("s9 CPU of both servers per message across them, to a local one", 3,
            quotient(figure(ACROSS, "cpu_us"), figure(S1, "cpu_us")), " times"),
    at_least("two I/O threads, by their CPU on two free cores: s2", 1.6, two_cores, " times"),
]


def section(comparison):
    rows = [["what", "target", "figure", ""]]
    for target in TARGETS:
        value = target.measure(comparison)
        if value is None:
            rows.append([target.what, target.wanted, NO_FIGURE, "not measured"])
        else:
            rows.append([target.what, target.wanted, target.show(value),
                         "met" if target.is_met(value) else "**missed**"])
    return f"## Targets\n\n{table(rows)}\n\n## Figures\n"
