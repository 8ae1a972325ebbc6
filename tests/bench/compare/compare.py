#!/usr/bin/env python3
"""Measures chatd and other servers on the same work, in turn, and writes a table and a chart.

compare.sh beside this folder calls it, and installs what it needs before.
"""
import argparse
import collections
import os
import pathlib
import resource
import shutil
import signal
import statistics
import sys
import tempfile
import time

import bounds
import certificate
import chatd
import ejabberd
import load
import probe
import prosody
import results
from cases import CASES, needs_limit, rate_for
from server import Unavailable

SERVERS = [chatd.Chatd, prosody.Prosody, prosody.ProsodySqlite, ejabberd.Ejabberd,
           ejabberd.EjabberdSqlite, bounds.Mosquitto, bounds.Nats]
SCENARIOS = {case.scenario for case in CASES} | {"store"}
MOST_IDLE = 10000
BETWEEN_HEARTBEATS_S = 50  # and a little more, so that each connection has had one
HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", default=",".join(sorted(SCENARIOS)),
                        help="separated by commas; all unless told")
    parser.add_argument("--servers", default="", help="words of their names; all unless told")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10, help="measured in each run")
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="a release build")
    parser.add_argument("--output", type=pathlib.Path, default=HERE.parent)
    return parser.parse_args()


class Comparison:
    def __init__(self, options, folder, cores):
        self.options, self.folder = options, folder
        self.server_core, self.load_core = cores
        self.cert = certificate.make(folder)
        self.figures = collections.defaultdict(list)  # (case, server's name) -> phases
        self.missing = {}                             # (case, server's name) -> why
        self.versions = {}
        self.sync_ms = probe.sync_ms(folder)
        self.store = []                               # what store_bench said
        self.begun = time.monotonic()

    def minutes(self):
        return (time.monotonic() - self.begun) / 60

    def find_servers(self):
        words = self.options.servers.split(",")
        found = [kind for kind in SERVERS if any(word in kind.name for word in words)]
        for kind in found:
            try:
                self.versions[kind.name] = kind.version()
            except Unavailable as why:
                self.versions[kind.name] = str(why)
        return found

    def limit_of(self, kind):
        """Messages/s in s1, as far as it is known by now."""
        rates = [phase["units"] / phase["seconds"] for (case, name), phases in
                 self.figures.items() if case.scenario == "s1" and name == kind.name
                 for phase in phases]
        return statistics.median(rates) if rates else 0

    def refusal(self, case, kind):
        """Why this server is not given this work, or nothing."""
        if case.scenario not in kind.scenarios:
            return "has no such thing"
        if needs_limit(case) and not rate_for(case, self.limit_of(kind)):
            return "more than it can do"
        return None

    def options_for(self, case, server):
        kind = type(server)
        given = {"seconds": self.options.seconds, "warm-up": self.options.warm_up,
                 **dict(case.options)}
        if needs_limit(case):
            given["rate"] = rate_for(case, self.limit_of(kind))
        if case.scenario == "s4":
            given["fill"] = kind.fill
        if case.scenario == "s9":
            given["port-beside"] = server.beside.port
        if case.scenario == "s3":
            given["idle-seconds"] = self.options.seconds
            if kind is chatd.Chatd and given["clients"] == MOST_IDLE:
                given["idle-seconds"] = BETWEEN_HEARTBEATS_S
        return given

    def load(self, case, server):
        """Starts the server, with what is to be there already, and runs the load."""
        given = self.options_for(case, server)
        if case.fill and type(server) is chatd.Chatd:
            given["from"] = server.fill_folder(case.fill)
        server.start()
        result = load.run(self.options.build / "tests/bench/load/chatd_load", self.load_core,
                          server, case.scenario, given)
        if case.scenario == "s7":
            server.verify(given["from"])
        return result

    def run(self, cases, kind):
        """One run for all `cases`, which are of the same work."""
        case = cases[0]
        if case.is_own and kind is not chatd.Chatd:
            return
        if (case, kind.name) in self.missing:
            return  # what failed once says nothing the second time
        if why := self.refusal(case, kind):
            self.give_up(cases, kind, why)
            return
        folder = self.folder / "server"
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)  # a server that changes its user writes here too
        make = chatd.Pair if case.scenario == "s9" else kind
        server = make(folder, self.cert, self.server_core)
        if kind is chatd.Chatd:
            server.config = case.config
        try:
            server.set_up(case.accounts)
            result = self.load(case, server)
            self.take(cases, kind, {phase["name"]: phase for phase in result["phases"]})
        except (Unavailable, load.Failed, OSError) as why:
            self.give_up(cases, kind, why)
        finally:
            server.stop()
            shutil.rmtree(folder)

    def take(self, cases, kind, phases):
        for case in cases:
            if phase := phases.get(case.measured):
                self.figures[case, kind.name].append(phase)
                print(results.line(case, kind.name, phase), flush=True)
            else:
                self.missing[case, kind.name] = "has no such thing"

    def give_up(self, cases, kind, why):
        for case in cases:
            self.missing[case, kind.name] = str(why)
            self.figures.pop((case, kind.name), None)
        print(f"{cases[0].title}: {kind.name}: {why}", file=sys.stderr, flush=True)


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # else the servers would stay behind
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("the server and the load need a core each")
    os.sched_setaffinity(0, {cores[1]})
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    chatd.Chatd.build = options.build.resolve()
    wanted = set(options.scenarios.split(","))
    if {"s1-open", "s1-logins", "s9"} & wanted:
        wanted.add("s1")  # whose limit they take, or whose cost
    if unknown := wanted - SCENARIOS:
        sys.exit(f"there is no scenario called {', '.join(sorted(unknown))}")
    cases = [case for case in CASES if case.scenario in wanted]
    with tempfile.TemporaryDirectory(prefix="chatd.bench.") as folder:
        pathlib.Path(folder).chmod(0o755)
        comparison = Comparison(options, pathlib.Path(folder), cores[:2])
        if "store" in wanted:
            comparison.store = probe.store(options.build, pathlib.Path(folder), cores)
        servers = comparison.find_servers()
        works = collections.defaultdict(list)
        for case in cases:
            works[case.work].append(case)
        for number in range(options.runs):
            print(f"run {number + 1} of {options.runs}", flush=True)
            for work in works.values():
                for kind in servers:
                    comparison.run(work, kind)
    results.write(comparison, cases, servers, options.output)


if __name__ == "__main__":
    main()
