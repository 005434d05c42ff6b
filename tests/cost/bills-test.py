# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bills through the real host: uploaded, loaded, asked for."""
import csv
import glob
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import unittest
from collections import defaultdict
from decimal import Decimal

from host import BUILD, Host, shared_bill

FOCUS_HEADER = ("BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,BillingAccountId,ServiceName,"
                "SubAccountId,RegionId,Tags")


def focus(*lines):
    return ("\n".join((FOCUS_HEADER,) + lines) + "\n").encode()


def line(cost, currency="USD", day="2025-03-01", service="Compute", account="42", region="eu-1", tags=""):
    tags = '"' + tags.replace('"', '""') + '"' if tags else ""
    return f"{cost},{cost},{currency},{day}T00:00:00Z,1,{service},{account},{region},{tags}"


def add_up(bill, column, key=lambda row: None):
    sums = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(bill.decode())):
        sums[key(row)] += Decimal(row[column])
    return dict(sums)


def groups_of(answer, *dimensions):
    return {tuple(group["key"][name] for name in dimensions): Decimal(group["total"])
            for group in answer["groups"]}


class BillsTest(unittest.TestCase):
    def setUp(self):
        self.host = Host()
        self.addCleanup(self.host.close)
        self.host.start()

    def load(self, bill, **query):
        job = self.host.load(bill, **query)
        self.assertEqual(job["state"], "succeeded", job)
        return job["result"]

    def need(self, name):
        bill = shared_bill(name)
        if bill is None:
            self.skipTest(f"no {name}: set HEPTAD_SHARED to the folder with data/bills")
        return bill

    def test_real_focus_bill_to_the_last_digit(self):
        bill = self.need("focus_sample.csv")
        result = self.load(bill, format="focus-1.0")
        self.assertEqual((result["rows"], result["rejected"]), (1000, 0))
        self.assertEqual(result["totals"], [{"currency": "USD", "billedCost": "20.52022672899",
                                             "effectiveCost": "14.97651418586"}])
        self.assertEqual(self.host.costs(metric="billedCost")["total"], "20.52022672899")
        self.assertEqual(self.host.costs(metric="effectiveCost")["total"], "14.97651418586")
        for name, key in {"service": lambda row: row["ServiceName"],
                          "account": lambda row: row["SubAccountId"],
                          "day": lambda row: row["ChargePeriodStart"][:10],
                          "region": lambda row: None if row["RegionId"] in ("", "NULL") else row["RegionId"]}.items():
            answer = self.host.costs(groupBy=name)
            expected = {(group,): cost for group, cost in add_up(bill, "BilledCost", key).items()}
            self.assertEqual(groups_of(answer, name), expected)
            self.assertEqual(answer["total"], "20.52022672899")

    def test_real_focus_tags(self):
        bill = self.need("focus_sample.csv")
        expected = defaultdict(lambda: defaultdict(Decimal))
        for row in csv.DictReader(io.StringIO(bill.decode())):
            if row["Tags"] not in ("", "NULL"):
                for key, value in json.loads(row["Tags"]).items():
                    expected[key][(value,)] += Decimal(row["BilledCost"])
        self.load(bill)
        self.assertTrue(expected)
        for key, sums in expected.items():
            self.assertEqual(groups_of(self.host.costs(groupBy=f"tag:{key}"), f"tag:{key}"), dict(sums))

    def test_real_aws_bill_to_the_last_digit(self):
        bill = self.need("aws_cur_sample.csv")
        result = self.load(bill, format="aws-cur")
        self.assertEqual((result["rows"], result["rejected"]), (1281, 0))
        self.assertEqual(self.host.costs()["total"], "1.6823086974")
        expected = add_up(bill, "lineItem/UnblendedCost", lambda row: row["lineItem/UsageStartDate"][:10])
        self.assertEqual(groups_of(self.host.costs(groupBy="day"), "day"),
                         {(day,): cost for day, cost in expected.items()})

    def test_loading_twice_changes_nothing(self):
        bill = focus(line("0.1"), line("0.2"))
        self.load(bill)
        status, again = self.host.upload(bill)
        self.assertEqual(status, 200, again)
        self.assertEqual(again["state"], "ingested")
        self.assertEqual(self.host.costs()["total"], "0.3")
        self.assertEqual(len(self.host.call("cost/bills")[1]["items"]), 1)

    def test_groups_and_filters(self):
        self.load(focus(
            line("1", tags='{"env": "prod", "team": "a"}'), line("2", service="Storage", tags='{"env": "dev"}'),
            line("4", day="2025-03-02", region="", tags='{"env": "prod"}'), line("8", account="43", region="NULL"),
            line("16", account="", service="Storage", day="2025-03-31")))
        costs = self.host.costs
        self.assertEqual(groups_of(costs(groupBy="account"), "account"),
                         {("42",): 7, ("43",): 8, ("1",): 16})
        self.assertEqual(groups_of(costs(groupBy="region"), "region"), {("eu-1",): 19, (None,): 12})
        self.assertEqual(groups_of(costs(groupBy=["service", "day"]), "service", "day"),
                         {("Compute", "2025-03-01"): 9, ("Compute", "2025-03-02"): 4,
                          ("Storage", "2025-03-01"): 2, ("Storage", "2025-03-31"): 16})
        self.assertEqual(groups_of(costs(groupBy="tag:env"), "tag:env"), {("prod",): 5, ("dev",): 2})
        self.assertEqual(groups_of(costs(groupBy=["tag:env", "service"]), "tag:env", "service"),
                         {("prod", "Compute"): 5, ("dev", "Storage"): 2})
        self.assertEqual(costs(tag="team=a")["total"], "1")
        self.assertEqual(costs(service="Storage")["total"], "18")
        self.assertEqual(costs(region="eu-1", accountId="42")["total"], "3")
        self.assertEqual(costs(**{"from": "2025-03-02"})["total"], "20")
        self.assertEqual(costs(**{"from": "2025-03-02", "to": "2025-03-02"})["total"], "4")
        self.assertEqual(costs(service="None such"), {"metric": "billedCost", "currency": None, "total": "0",
                                                     "totals": [], "groups": []})

    def test_wrong_questions_are_refused(self):
        for query in ({"metric": "profit"}, {"groupBy": "colour"}, {"groupBy": ["tag:a", "tag:b"]},
                      {"groupBy": "tag:a", "tag": "b=c"}, {"from": "2025-02-30"},
                      {"groupBy": ["day", "day"]}, {"nonsense": "1"}):
            status, answer = self.host.call("cost/costs", **query)
            self.assertEqual(status, 422, (query, answer))
        self.assertEqual(self.host.call("cost/bills/99")[0], 404)

    def test_every_rejected_line_is_reported(self):
        result = self.load(focus(
            line("1"), line("one"), line("2", currency="usd"), line("3", day="2025-02-30"), "1,2,3",
            line("4", tags="[1]"), line(""), '5,5,"USD"x,2025-03-01,1,C,42,eu-1,', line("0.5"),
            line("9" * 39), '6,6,USD,2025-03-01,1,"never closed'))
        self.assertEqual((result["rows"], result["rejected"]), (2, 9))
        bill = result["billId"]
        status, answer = self.host.call(f"cost/bills/{bill}/rejected-lines")
        self.assertEqual(status, 200, answer)
        self.assertEqual([(item["line"], item["column"]) for item in answer["items"]],
                         [(3, "BilledCost"), (4, "BillingCurrency"), (5, "ChargePeriodStart"), (6, None),
                          (7, "Tags"), (8, "BilledCost"), (9, None), (11, "BilledCost"), (12, None)])
        for item in answer["items"]:
            self.assertGreater(len(item["reason"]), 15)
        pages = [[item["line"] for item in page]
                 for page in self.host.pages(f"cost/bills/{bill}/rejected-lines", limit=4)]
        self.assertEqual(pages, [[3, 4, 5, 6], [7, 8, 9, 11], [12]])
        self.assertEqual(self.host.costs()["total"], "1.5")

    def test_what_is_no_bill_fails_by_name(self):
        for bill, query, says in ((b"", {}, "empty"), (b"\xef\xbb\xbf", {}, "empty"), (b"\n\r\n\n", {}, "empty"),
                                  (b"a,b,c\n1,2,3\n", {}, "known bill"),
                                  (focus(line("1")), {"format": "aws-cur"}, "lineItem/UnblendedCost"),
                                  (b'"never closed\n', {}, "header"), (b"\x00\xff\xfe\n", {}, "header")):
            job = self.host.load(bill, **query)
            self.assertEqual(job["state"], "failed", (bill, job))
            self.assertIn(says, json.dumps(job["error"]))
        states = {bill["state"] for bill in self.host.call("cost/bills")[1]["items"]}
        self.assertEqual(states, {"failed"})
        self.assertEqual(self.host.costs()["total"], "0")
        self.assertEqual(self.host.upload(b"x", format="excel")[0], 422)

    def test_a_failed_bill_can_be_sent_again_as_another_format(self):
        bill = focus(line("7"))
        self.assertEqual(self.host.load(bill, format="aws-cur")["state"], "failed")
        self.load(bill, format="focus-1.0")
        self.assertEqual(self.host.costs()["total"], "7")

    def test_header_only(self):
        result = self.load(focus())
        self.assertEqual((result["rows"], result["rejected"], result["totals"]), (0, 0, []))

    def test_currencies_are_kept_apart(self):
        result = self.load(focus(line("1.10"), line("2.20", currency="EUR"), line("3.30")))
        self.assertEqual([total["currency"] for total in result["totals"]], ["EUR", "USD"])
        answer = self.host.costs(groupBy="service")
        self.assertIsNone(answer["total"])
        self.assertIsNone(answer["currency"])
        self.assertEqual(answer["totals"], [{"currency": "EUR", "total": "2.2"}, {"currency": "USD", "total": "4.4"}])
        self.assertEqual(len(answer["groups"]), 2)

    def test_the_event_is_in_the_log(self):
        result = self.load(focus(line("1.25")))
        time.sleep(0.2)
        self.host.stop()
        logs = glob.glob(os.path.join(self.host.dir, "data", "tenants", "default", "_events.db"))
        with sqlite3.connect(logs[0]) as db:
            found = db.execute("SELECT data FROM _heptad_event WHERE topic = 'cost.bill.ingested'").fetchall()
        self.assertEqual([json.loads(row[0]) for row in found], [result])

    def test_the_demo_bill(self):
        bill = subprocess.run([os.path.join(BUILD, "data", "demo", "heptad-demo-bill")], check=True,
                              capture_output=True).stdout
        result = self.load(bill)
        self.assertEqual((result["rows"], result["rejected"]), (43920, 0))
        expected = add_up(bill, "BilledCost", lambda row: (row["SubAccountId"], row["ServiceName"]))
        self.assertEqual(groups_of(self.host.costs(groupBy=["account", "service"]), "account", "service"), expected)
        self.assertEqual(Decimal(self.host.costs()["total"]), sum(expected.values()))


if __name__ == "__main__":
    sys.argv[1:1] = ["-v"]
    unittest.main()
