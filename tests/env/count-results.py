#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-results.py LOGDIR: prints “PASSED FAILED SKIPPED” of meson's last run.

Every case that a test program told of counts once. A program that ends badly though none of its cases
failed (it crashed, took too long or told of fewer than it had planned) counts as one failure more.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ET

GOOD = {"OK", "EXPECTEDFAIL"}


def count_cases(suite):
    passed = failed = skipped = 0
    for case in suite.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main():
    logs = pathlib.Path(sys.argv[1])
    programs = {}
    with open(logs / "testlog.json", encoding="utf-8") as lines:
        for line in lines:
            program = json.loads(line)
            programs[program["name"]] = program["result"]

    passed = failed = skipped = 0
    told = set()
    for suite in ET.parse(logs / "testlog.junit.xml").getroot().iter("testsuite"):
        # “project.program” for a program with cases; “project” for all that have none.
        name = suite.get("name").partition(".")[2]
        ok, bad, out = count_cases(suite)
        passed, failed, skipped = passed + ok, failed + bad, skipped + out
        if name in programs:
            told.add(name)
            if programs[name] not in GOOD | {"SKIP"} and bad == 0:
                failed += 1
        else:
            told.update(case.get("name") for case in suite.iter("testcase"))

    for name in programs.keys() - told:
        if programs[name] in GOOD:
            passed += 1
        elif programs[name] == "SKIP":
            skipped += 1
        else:
            failed += 1

    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
