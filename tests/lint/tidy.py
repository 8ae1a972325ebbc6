#!/usr/bin/env python3
"""clang-tidy over changed sources, over named ones, or over all. Needs a configured build folder.

A file costs about 8 s of a core, the whole tree half an hour: that is for a night, the changed
files for every push. --deep adds the path-sensitive analyzer: up to minutes for one file.
"""

import argparse
import json
import multiprocessing.pool
import os
import pathlib
import random
import subprocess
import sys

import tree

ROOT = tree.HERE.parent.parent


def git(root: pathlib.Path, *words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def changed(root: pathlib.Path, base: str | None) -> set[str]:
    """What differs from `base`: else from where this branch left origin/main, else the last commit;
    with what is not committed yet."""
    base = base or next(iter(git(root, "merge-base", "HEAD", "origin/main")), "HEAD")
    if git(root, "rev-parse", base) == git(root, "rev-parse", "HEAD"):
        base = "HEAD~1"
    return set(git(root, "diff", "--name-only", base)
               + git(root, "ls-files", "--others", "--exclude-standard"))


def compiled(root: pathlib.Path, build: pathlib.Path) -> set[str]:
    """The sources of ours that the build compiles."""
    rows = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    paths = {pathlib.Path(row["directory"], row["file"]).resolve() for row in rows}
    return {str(path.relative_to(root)) for path in paths
            if path.is_relative_to(root) and not path.is_relative_to(build)}


def chosen(sources: set[str], paths: set[str]) -> list[str]:
    """Of `sources`, those in `paths`, and those beside a header in `paths`."""
    stems = {path.rpartition(".")[0] for path in paths if path.endswith(tree.C_FAMILY)}
    return sorted(path for path in sources if path in paths or path.rpartition(".")[0] in stems)


def tidy(root: pathlib.Path, build: pathlib.Path, path: str, is_deep: bool) -> tuple[bool, str]:
    checks = ["--checks=clang-analyzer-*"] if is_deep else []
    # Sources are compiled by GCC: what only clang warns of, or only GCC knows, is not asked.
    done = subprocess.run(
        ["clang-tidy", "--quiet", *checks, "--extra-arg=-Wno-unknown-warning-option",
         "--extra-arg=-Wno-sign-conversion", "-p", str(build), path],
        cwd=root, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + ("" if done.stdout else done.stderr)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", help="sources; none: the changed ones")
    options.add_argument("--all", action="store_true", help="every source that is compiled")
    options.add_argument("--base", help="the commit to which changed files differ")
    options.add_argument("--at-most", type=int, default=sys.maxsize, metavar="N",
                         help="of more files, N that change with each commit")
    options.add_argument("--deep", action="store_true", help="with the path-sensitive analyzer")
    options.add_argument("--root", type=pathlib.Path, default=ROOT)
    options.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    options = options.parse_args()

    root, build = options.root.resolve(), options.build.resolve()
    sources = compiled(root, build)
    if options.all:
        paths = sorted(sources)
    else:
        paths = chosen(sources, set(options.files) or changed(root, options.base))
    if len(paths) > options.at_most:
        print(f"tidy: {options.at_most} of {len(paths)} files; --all looks at every one")
        pick = random.Random("".join(git(root, "rev-parse", "HEAD")))
        paths = sorted(pick.sample(paths, options.at_most))
    failed = []
    with multiprocessing.pool.ThreadPool(os.cpu_count()) as pool:
        jobs = [(path, pool.apply_async(tidy, (root, build, path, options.deep)))
                for path in paths]
        for path, job in jobs:
            is_clean, said = job.get()
            if not is_clean:
                failed.append(path)
                print(said.strip(), flush=True)
    if failed:
        sys.exit(f"tidy: {len(failed)} of {len(paths)} files have findings: {' '.join(failed)}")
    print(f"tidy: {len(paths)} files are clean")


if __name__ == "__main__":
    main()
