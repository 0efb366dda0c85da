#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What count-results.py makes of meson's logs, as TAP."""

import json
import pathlib
import subprocess
import sys
import tempfile

COUNT = pathlib.Path(__file__).with_name("count-results.py")
PASS = '<testcase name="a" classname="c"/>'
FAIL = '<testcase name="b" classname="c"><failure/></testcase>'
SKIP = '<testcase name="c" classname="c"><skipped/></testcase>'

CASES = [
    ("cases count, not programs", {"s / one": ("OK", PASS + PASS), "s / two": ("OK", PASS)}, "3 0 0"),
    ("failed and skipped cases", {"s / one": ("FAIL", PASS + FAIL + SKIP)}, "1 1 1"),
    ("a crash after good cases is a failure", {"s / one": ("ERROR", PASS + PASS)}, "2 1 0"),
    ("a crash after a failed case is that failure", {"s / one": ("ERROR", PASS + FAIL)}, "1 1 0"),
    ("a program that takes too long is a failure", {"s / one": ("TIMEOUT", PASS)}, "1 1 0"),
    ("programs with no cases", {"s / one": ("OK", None), "s / two": ("FAIL", None), "s / x.y": ("SKIP", None)}, "1 1 1"),
    ("nothing ran", {}, "0 0 0"),
]


def write_logs(folder, programs):
    suites = ""
    plain = ""
    with open(folder / "testlog.json", "w", encoding="utf-8") as log:
        for name, (result, cases) in programs.items():
            log.write(json.dumps({"name": name, "result": result}) + "\n")
            if cases is not None:
                suites += f'<testsuite name="sluice.{name}">{cases}</testsuite>'
            else:
                inner = {"OK": "", "FAIL": "<failure/>", "SKIP": "<skipped/>"}[result]
                plain += f'<testcase name="{name}" classname="sluice">{inner}</testcase>'
    if plain:
        suites += f'<testsuite name="sluice">{plain}</testsuite>'
    (folder / "testlog.junit.xml").write_text(f"<testsuites>{suites}</testsuites>", encoding="utf-8")


print(f"1..{len(CASES)}")
for number, (title, programs, wanted) in enumerate(CASES, 1):
    with tempfile.TemporaryDirectory() as name:
        write_logs(pathlib.Path(name), programs)
        told = subprocess.run([sys.executable, COUNT, name], capture_output=True, text=True, check=False).stdout.strip()
    print("ok" if told == wanted else "not ok", number, "-", title)
    if told != wanted:
        print(f"# told {told!r}, wanted {wanted!r}")
