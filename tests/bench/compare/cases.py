"""What is measured: each case a scenario of chatd_load with its options."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Case:
    scenario: str
    title: str
    unit: str
    options: tuple = ()        # (name, value) for chatd_load
    accounts: int = 400        # that must exist beforehand
    share_of_limit: float = 0  # of what the server did in s1: the rate
    phase: str = ""            # of the run; else the scenario's name
    # Of chatd
    config: tuple = ()         # (section, key, value) that differ; the value None: as installed
    fill: tuple = ()           # (name, value) for chatd_fill, before it starts
    # Of chatd alone
    axis: str = ""             # of the growth chart that this is a point of
    at: int = 0                # where on that axis

    @property
    def work(self):
        """Cases of the same work are measured in one run."""
        return self.scenario, self.options, self.share_of_limit, self.config, self.fill

    @property
    def measured(self):
        return self.phase or self.scenario

    @property
    def is_own(self):
        """Of chatd alone."""
        return bool(self.config or self.axis) or self.scenario in ("s7", "s8", "s9")


MESSAGE = "message acked, archived and delivered"
# The password's cost as installed.
REAL_PASSWORDS = tuple(("plugin.auth_password", key, None) for key in ("passes", "memory"))
TWO_THREADS = (("listen", "io_threads", 2),)
ROOMS_OF_PAIR = 2000  # what an account may be in


def rooms(count):
    """A server with so many rooms; ten pairs talk, in all of theirs in turn."""
    pairs = max(10, count // ROOMS_OF_PAIR)
    return Case("s7", f"10 pairs on a server with {count:,} rooms", MESSAGE, (("pairs", 10),),
                fill=(("pairs", pairs), ("rooms", count // pairs)),
                axis="rooms on the server", at=count)


def depth(count):
    return Case("s7", f"1 pair in a room with {count:,} messages", MESSAGE, (("pairs", 1),),
                fill=(("messages", count),), axis="messages in the room", at=count)


def members(count):
    return Case("s2", f"10 rooms of {count}, 4 in flight each", "delivery",
                (("rooms", 10), ("members", count)), axis="members of a room", at=count)


def idle(count):
    return Case("s1-idle", f"100 pairs beside {count:,} idle connections", MESSAGE,
                (("pairs", 100), ("idle", count)), axis="idle connections beside", at=count)


def cold(title, fill_rooms):
    """The cost of a room that is not in memory: each message goes to the one idle for longest."""
    return Case("s7", title, MESSAGE, (("pairs", 100),),
                fill=(("pairs", 100), ("rooms", fill_rooms), ("messages", 1)))


def crowd(count):
    """Many accounts of chatd are made beforehand: hashing their passwords would take minutes."""
    options = dict(options=(("clients", count),), accounts=count,
                   fill=(("pairs", count // 2),) if count > 1000 else ())
    return [*(Case("s3", f"{count:,} log in {how}", "login", phase=how, **options)
              for how in ("by password", "by token")),
            Case("s3", f"{count:,} connections do nothing", "", phase="idle", **options),
            Case("s3", f"{count:,} shake hands, upgrade and go no further", "connection",
                 phase="connect", **options)]


def away(news):
    return [Case("s8", f"1,100 rooms, {news:,} new records: {phase}", "", phase=phase,
                 fill=(("away", news),), accounts=0) for phase in ("first screen", "all")]


CASES = [
    Case("s1", "200 pairs, closed loop", MESSAGE),
    Case("s1-open", "200 pairs, 500 messages/s", MESSAGE, (("rate", 500),)),
    Case("s1-open", "200 pairs, half of its own limit", MESSAGE, share_of_limit=0.5),
    *(Case("s1-idle", f"20 pairs beside {count:,} idle connections", MESSAGE, (("idle", count),),
           40 + count) for count in (0, 10000)),
    *(Case("s1-logins", f"200 pairs, a quarter of its own limit, {title}", MESSAGE,
           (("logins", 8),), share_of_limit=0.25, phase=phase, config=REAL_PASSWORDS)
      for phase, title in (("s1-logins", "nobody logs in"),
                           ("beside logins", "8 log in by password again and again"))),
    Case("s2", "1 group of 100, 4 in flight", "delivery", (("rooms", 1),), 100),
    Case("s2", "10 groups of 100, 4 in flight each", "delivery", (("rooms", 10),), 1000),
    Case("s2", "10 groups of 100, 4 in flight each, 2 I/O threads", "delivery", (("rooms", 10),),
         config=TWO_THREADS),
    *(case for count in (1000, 5000, 10000) for case in crowd(count)),
    Case("s4", "newest 50 of a group, 8 readers", "page", accounts=8),
    Case("s5", "200 pairs, closed loop, SIGKILL in the midst", "message acked or delivered"),
    Case("s6", "presence of one user with 200 contacts", "delivery", accounts=201),
    *map(rooms, (10, 1000, 20000, 200000, 1000000)),
    *map(depth, (100, 10000, 1000000, 5000000)),
    *map(members, (2, 10, 30, 100)),
    *map(idle, (0, 1000, 10000)),
    cold("100 pairs, a room each", 1),
    cold("100 pairs, 2,000 rooms each: none is in memory when its message comes", ROOMS_OF_PAIR),
    *(case for news in (1000, 10000, 100000) for case in away(news)),
    Case("s9", "200 pairs, each across two servers on one core, closed loop", MESSAGE),
]

# What a rate needs to be a load that the server can bear.
HEADROOM = 1.2


def find(scenario, start):
    """The case whose title starts like this."""
    return next(case for case in CASES
                if case.scenario == scenario and case.title.startswith(start))


def by_point(axis):
    """The cases of a growth axis in their order."""
    return [case for case in CASES if case.axis == axis]


def needs_limit(case):
    """Whether it is measured at a rate that a server's limit in s1 decides about."""
    return case.scenario == "s1-open" or case.share_of_limit > 0


def rate_for(case, limit):
    """The rate of a case for a server that does `limit` messages/s in s1; None: too much for it."""
    if case.share_of_limit:
        return limit * case.share_of_limit
    rate = dict(case.options).get("rate", 0)
    return rate if rate * HEADROOM < limit else None
