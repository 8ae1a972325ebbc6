"""Runs chatd_load against a server and puts its figures together with the server's own cost."""
import json
import signal
import subprocess
import threading

DEADLINE_S = 400


class Failed(Exception):
    """The run did not do what it claims."""


def run(program, core, server, scenario, options):
    """The phases of one run: each a dict of figures, the server's among them.

    A run with a fault, which the program prints, gives no figures.
    """
    words = ["taskset", "-c", core, program, "--server", server.kind, "--port", server.port,
             "--ca", server.cert.ca, "--scenario", scenario]
    for name, value in options.items():
        words += ["--" + name, value]
    process = subprocess.Popen([*map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    guard = threading.Timer(DEADLINE_S, process.send_signal, [signal.SIGKILL])
    guard.start()
    try:
        costs, result = follow(process, server)
    finally:
        guard.cancel()
        process.kill()
        complaint = process.communicate()[1].strip()
    if result is None or result["faults"]:
        said = ", ".join(result["faults"]) if result else "no figures"
        raise Failed(f"{said} ({complaint[-300:]})" if complaint else said)
    for phase in result["phases"]:
        phase.update(costs[phase["name"]])
        if "units" in phase:
            if not phase["units"]:
                raise Failed("nothing was done in the time measured; give it more --seconds")
            phase["cpu_us"] = phase["cpu_seconds"] * 1e6 / phase["units"]
            phase["busiest_us"] = phase["busiest_seconds"] * 1e6 / phase["units"]
        if "connections" in phase:
            phase["cpu_percent"] = 100 * phase["cpu_seconds"] / phase["seconds"]
    for phase in result["phases"][1:]:
        if "connections" in phase:  # of those that logged in in the phase before
            grown = phase["memory_kib"] - result["phases"][0]["memory_before_kib"]
            phase["kib_each"] = grown / phase["connections"]
    return result


def follow(process, server):
    """What the server spent between the marks, by phase; and the last line, decoded."""
    costs, result, start, before, threads = {}, None, 0, 0, {}
    for line in process.stdout:
        word, _, name = line.strip().partition(" ")
        if word == "begin":
            threads = server.thread_seconds()
            start, before = server.cpu_seconds(), server.memory_kib()
        elif word == "end":
            costs[name] = {"cpu_seconds": server.cpu_seconds() - start,
                           "memory_before_kib": before, "memory_kib": server.memory_kib(),
                           "busiest_seconds": max(
                               seconds - threads.get(thread, 0)
                               for thread, seconds in server.thread_seconds().items())}
        elif word == "kill":  # in the midst of the load, and up again with the same folder
            server.kill()
            server.start()
            process.stdin.write("up\n")
            process.stdin.flush()
        elif line.startswith("{"):
            result = json.loads(line)
    return costs, result
