# SPDX-License-Identifier: LGPL-2.1-or-later
"""kill -9 while bills are being loaded: what was acknowledged is loaded after a restart, exactly once."""
import os
import random
import subprocess
import sys
import time
from decimal import Decimal

from host import BUILD, Host

ROUNDS = 60 if "--long" in sys.argv else 10


def make_bill(seed):
    """A bill of about 90,000 lines that no other seed makes, and its sum."""
    demo = subprocess.run([os.path.join(BUILD, "data", "demo", "heptad-demo-bill"), "--days", "150", "--accounts", "5",
                           "--resources", "10"], check=True, capture_output=True).stdout
    header, rest = demo.split(b"\n", 1)
    lines = rest.split(b"\n")
    lines[0] = lines[0].replace(b"Elastic Compute,", b"Seed %d," % seed, 1)
    total = sum(Decimal(line.rsplit(b",", 1)[1].decode()) for line in lines if line)
    return b"\n".join([header] + lines), total


def main():
    seed = int(os.environ.get("HEPTAD_TEST_SEED", random.randrange(1 << 30)))
    print(f"# seed {seed}: HEPTAD_TEST_SEED={seed} repeats this run", flush=True)
    chance = random.Random(seed)
    bill, bill_total = make_bill(seed)
    host = Host()
    total, jobs = Decimal(0), []
    try:
        for number in range(ROUNDS):
            host.start()
            # All that an earlier round acknowledged comes to its end, and nothing else shows.
            for job in jobs:
                ended = host.wait_for_job(job)
                assert ended["state"] == "succeeded", ended
            found = Decimal(host.costs()["total"])
            assert found == total, f"round {number}: {found} instead of {total}"
            this = bill + b"\n" * number  # another digest, the same lines
            status, answer = host.upload(this)
            assert status == 202, answer
            jobs = [answer["job"]["id"]]
            delay = chance.uniform(0, 1.2)
            end = time.monotonic() + delay
            while time.monotonic() < end:
                seen = Decimal(host.costs()["total"])
                assert seen in (total, total + bill_total), f"round {number}: half of a bill shows: {seen}"
            host.kill()
            total += bill_total
            print(f"ok - round {number + 1}: killed {delay:.3f} s after the bill was taken", flush=True)
        host.start()
        assert host.wait_for_job(jobs[0])["state"] == "succeeded"
        found = Decimal(host.costs()["total"])
        assert found == total, f"at the end: {found} instead of {total}"
        bills = host.call("cost/bills", limit=1000)[1]["items"]
        assert len(bills) == ROUNDS and all(item["state"] == "ingested" for item in bills), bills
        print(f"1..{ROUNDS}")
    finally:
        host.close()


if __name__ == "__main__":
    main()
