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

    @property
    def work(self):
        """Cases of the same work are measured in one run."""
        return self.scenario, self.options, self.share_of_limit

    @property
    def measured(self):
        return self.phase or self.scenario


MESSAGE = "message acked, archived and delivered"

CASES = [
    Case("s1", "200 pairs, closed loop", MESSAGE),
    Case("s1-open", "200 pairs, 500 messages/s", MESSAGE, (("rate", 500),)),
    Case("s1-open", "200 pairs, half of its own limit", MESSAGE, share_of_limit=0.5),
    *(Case("s1-idle", f"20 pairs beside {count:,} idle connections", MESSAGE, (("idle", count),),
           40 + count) for count in (0, 10000)),
    Case("s2", "1 group of 100, 4 in flight", "delivery", (("rooms", 1),), 100),
    Case("s2", "10 groups of 100, 4 in flight each", "delivery", (("rooms", 10),), 1000),
    *(Case("s3", f"{count:,} log in {how}", "login", (("clients", count),), count,
           phase=how) for count in (1000, 5000, 10000) for how in ("by password", "by token")),
    *(Case("s3", f"{count:,} connections do nothing", "", (("clients", count),), count,
           phase="idle") for count in (1000, 5000, 10000)),
    Case("s4", "newest 50 of a group, 8 readers", "page", accounts=8),
    Case("s5", "200 pairs, closed loop, SIGKILL in the midst", "message acked or delivered"),
    Case("s6", "presence of one user with 200 contacts", "delivery", accounts=201),
]

# What a rate needs to be a load that the server can bear.
HEADROOM = 1.2


def rate_for(case, limit):
    """The rate of a case for a server that does `limit` messages/s in s1; None: too much for it."""
    if case.share_of_limit:
        return limit * case.share_of_limit
    rate = dict(case.options).get("rate", 0)
    return rate if rate * HEADROOM < limit else None
