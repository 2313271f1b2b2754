"""A plan by another hand: dictionaries and SciPy's solver, from the files alone; nothing of the program is used.

Small worlds that are drawn at random as files, and what a plan of them costs by the words of docs/explanation/plan.md.
A cut strikes whole countries and frees nothing (it is for the world, or no link may grow), so freed supply is 0.
"""

import csv
import math
import random
from collections import defaultdict
from itertools import pairwise

import numpy as np
import yaml
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

INF = math.inf


class Rows:
    """A program by names."""

    def __init__(self):
        self.cost, self.low, self.high, self.whole, self.place, self.rows = [], [], [], [], {}, []

    def new(self, *name, high=INF, cost=0.0, whole=0):
        self.place[name] = len(self.cost)
        for into, value in (
            (self.cost, cost),
            (self.low, 0.0),
            (self.high, high),
            (self.whole, whole),
        ):
            into.append(value)
        return name

    def row(self, terms, low=-INF, high=INF):
        self.rows.append((terms, low, high))

    def least(self, cost=None):
        matrix = lil_matrix((len(self.rows), len(self.cost)))
        for n, (terms, _, _) in enumerate(self.rows):
            for name, factor in terms:
                matrix[n, self.place[name]] += factor
        found = milp(
            self.cost if cost is None else [cost.get(name, 0.0) for name in self.place],
            constraints=LinearConstraint(
                matrix.tocsr(), [r[1] for r in self.rows], [r[2] for r in self.rows]
            ),
            bounds=Bounds(self.low, self.high),
            integrality=self.whole,
            options={"mip_rel_gap": 1e-9},
        )
        return found.fun if found.status == 0 else None


class World:
    """What the files say."""

    def __init__(self, folder, scenario):
        plan = scenario["plan"]
        self.plan, self.parameters, self.costs = plan, scenario["parameters"], plan["costs"]
        base = scenario["base_years"]
        tons, usd, yearly = defaultdict(float), defaultdict(float), defaultdict(float)
        with (folder / "trade.csv").open() as file:
            for r in csv.DictReader(file):
                key = r["product"], r["exporter"], r["importer"]
                yearly[key[0], key[1], r["year"]] += float(r["quantity_t"])
                if int(r["year"]) in base:
                    tons[key] += float(r["quantity_t"]) / len(base)
                    usd[key] += float(r["value_usd"]) / len(base)
        self.tons, self.usd, self.products = tons, usd, plan["products"]
        self.concern = plan["concern"]
        self.sellers = {k: sorted({e for kk, e, _ in tons if kk == k}) for k in self.products}
        self.members = plan["members"]
        sold, paid, self.world = defaultdict(float), defaultdict(float), defaultdict(float)
        for (k, e, _), t in tons.items():
            sold[k, e] += t
            self.world[k] += t
        for (k, e, _), u in usd.items():
            paid[k, e] += u
        peak = defaultdict(float)
        for (k, e, _), t in yearly.items():
            peak[k, e] = max(peak[k, e], t)
        self.sold = sold
        self.spare = {at: max(0.0, peak[at] - sold[at]) for at in sold}
        self.need, self.price = {}, {}
        for m in self.members:
            for k in self.products:
                t = sum(v for (kk, _, i), v in tons.items() if (kk, i) == (k, m))
                if t:
                    self.need[m, k] = t
                    self.price[m, k] = sum(v for (kk, _, i), v in usd.items() if (kk, i) == (k, m)) / t
        self.links = [(k, m, e) for m, k in self.need for e in self.sellers[k] if e != m]
        self.today = {(k, m, e): tons.get((k, e, m), 0.0) for k, m, e in self.links}
        self.asked = {
            (k, m, e): usd[k, e, m] / tons[k, e, m] if self.today[k, m, e] else paid[k, e] / sold[k, e]
            for k, m, e in self.links
        }
        self.usable = {at: same_grade(self.asked[at], self.price[at[1], at[0]]) for at in self.links}
        self.claim = {at: self._claim(at) for at in self.links}

    def _claim(self, at):
        k, m, e = at
        if not self.usable[at] or e == self.concern:
            return 0.0
        part = {
            "link": self.today[at] / self.sold[k, e],
            "imports": self.need[m, k] / self.world[k],
            "last": 0.0,
            "first": 1.0,
        }[self.plan["rule"]]
        return self.spare[k, e] * part

    def dearer(self, at):
        return max(0.0, self.asked[at] / self.price[at[1], at[0]] - 1)

    def exports(self, m, k):
        """Own exports to outsiders that every member could use."""
        total = 0.0
        for (kk, e, i), t in self.tons.items():
            if (kk, e) == (k, m) and i not in self.members and i != self.concern:
                value = self.usd[kk, e, i] / t
                if all(same_grade(value, p) for (_, k2), p in self.price.items() if k2 == k):
                    total += t
        return total

    def plants(self):
        """What may be built, with the slowest host's time for all."""
        rows = [c for c in self.plan["capacity"] if c["most_t"] > 0]
        slow = defaultdict(float)
        for c in rows:
            slow[c["products"][0]] = max(slow[c["products"][0]], c["build_months"])
        return {
            (c["hosts"][0], c["products"][0]): {**c, "build_months": slow[c["products"][0]]} for c in rows
        }


def same_grade(offered, paid):
    return offered <= 2 * paid and 2 * offered >= paid


def least_cost(folder, scenario, coalition, together):
    """Return the objective of a plan of some members, None where there is none."""
    world = World(folder, scenario)
    return Reference(world, scenario, [world.members[n] for n in coalition], together).value()


class Reference:
    """The program of a coalition."""

    def __init__(self, world, scenario, inside, together):
        self.w, self.scenario, self.inside, self.together = world, scenario, inside, together
        self.rows, self.plants = Rows(), world.plants()
        c = world.costs
        rate = c["discount_share"]
        self.annuity = rate / (1 - (1 + rate) ** -c["life_years"])
        self.goods = [(m, k) for m, k in world.need if m in inside]
        self.links = [at for at in world.links if at[1] in inside]
        self.missing, self.by_case = {}, {}

    def owner(self, member):
        return "all" if self.together else member

    def value(self):
        self.normal()
        for case in self.w.plan["cases"]:
            self.crisis(case)
        kind = self.w.plan["objective"]
        for case in self.w.plan["cases"]:
            terms = self.by_case[case["name"]]
            if kind in ("worst_case", "cvar"):
                continue
            for name, usd in terms:
                if name[0] != "short" or kind == "expected_cost":
                    self.rows.cost[self.rows.place[name]] += case["probability"] * usd
        if kind in ("worst_case", "cvar"):
            self.weigh(kind)
        if kind == "least_shortage":
            reached = self.rows.least(self.missing)
            if reached is None:
                return None
            self.rows.row(list(self.missing.items()), high=reached * (1 + 1e-6) + 1e-9)
        return self.rows.least()

    def weigh(self, kind):
        worst = self.rows.new("worst", cost=1.0)
        for case in self.w.plan["cases"]:
            terms = [*self.by_case[case["name"]], (worst, -1.0)]
            if kind == "cvar":
                weight = case["probability"] / (1 - self.w.plan["tail"])
                terms.append((self.rows.new("beyond", case["name"], cost=weight), -1.0))
            self.rows.row(terms, high=0.0)

    def normal(self):
        w, rows, c = self.w, self.rows, self.w.costs
        for at in self.links:
            k, m, _ = at
            rows.new("kept", at, high=w.today[at])
            most = (w.spare[k, at[2]] if self.together else w.claim[at]) if w.claim[at] > 0 else 0.0
            rows.new("new", at, high=most, cost=w.price[m, k] * (c["switching_share"] + w.dearer(at)))
        for (h, k), plant in self.plants.items():
            for o in {self.owner(m) for m in self.inside}:
                self.plant(h, k, o, plant)
        for m, k in self.goods:
            self.good(m, k)
        if self.together:
            for k, e in w.spare:
                own = [at for at in self.links if (at[0], at[2]) == (k, e)]
                rows.row(
                    [(("new", at), 1.0) for at in own],
                    high=min(w.spare[k, e], sum(w.claim[at] for at in own)),
                )
        budgets = {b["member"]: b["usd"] for b in w.plan.get("budgets", [])}
        if budgets:
            for purse in [self.inside] if self.together else [[m] for m in self.inside]:
                spent = [(("stock", m, k), w.price[m, k]) for m, k in self.goods if m in purse]
                spent += [(("paid", m, h, k), 1.0) for m in purse for h, k in self.plants]
                rows.row(spent, high=sum(budgets[m] for m in purse))

    def plant(self, h, k, o, plant):
        rows, lump = self.rows, plant["lump_t"]
        rows.new("plant", h, k, o, high=plant["most_t"], cost=self.annuity * plant["capital_usd_per_t"])
        if lump:
            rows.new("lumps", h, k, o, high=plant["most_t"] // lump, whole=1)
            rows.row([(("plant", h, k, o), 1.0), (("lumps", h, k, o), -lump)], 0.0, 0.0)
        owners = [m for m in self.inside if self.owner(m) == o]
        users = [m for m in owners if (m, k) in self.w.need]
        made = [(rows.new("made", h, k, m, cost=plant["gap_usd_per_t"]), 1.0) for m in users]
        rows.row([*made, (("plant", h, k, o), -1.0)], high=0.0)
        rows.row([*made, (("plant", h, k, o), -self.w.costs["least_use_share"])], low=0.0)
        paid = [(rows.new("paid", m, h, k), 1.0) for m in owners]
        share = plant["support_share"] * plant["capital_usd_per_t"]
        rows.row([*paid, (("plant", h, k, o), -share)], 0.0, 0.0)

    def good(self, m, k):
        w, rows, c, stock = self.w, self.rows, self.w.costs, self.w.plan["stock"]
        need = w.need[m, k]
        most = need * min(stock["most_days"], c["shelf_life_days"]) / 365.25
        most = min(most, need / 12 * stock["fill_share"] * w.plan["notice_months"])
        keeping = c["carrying_share"] + self.annuity * c["filling_share"]
        rows.new("stock", m, k, high=most, cost=w.price[m, k] * keeping)
        own = [at for at in self.links if at[:2] == (k, m)]
        hosts = [h for h, kk in self.plants if kk == k]

        def of(sellers):
            bought = [((name, at), 1.0) for name in ("kept", "new") for at in own if at[2] in sellers]
            return bought + [(("made", h, k, m), 1.0) for h in hosts if h in sellers]

        everybody = {*w.sellers[k], *hosts}
        rows.row(of(everybody), need, need)
        caps = w.plan.get("caps", {})
        if "concern_share" in caps:
            rows.row(of([w.concern]), high=caps["concern_share"] * need)
        if "any_share" in caps:
            for e in everybody - set(w.members):
                rows.row(of([e]), high=caps["any_share"] * need)
        if "floors" in w.plan:
            rows.row(of([*w.plan["partners"], *w.members]), low=w.plan["floors"]["partner_share"] * need)

    def crisis(self, case):
        w, name = self.w, case["name"]
        shock = next(s for s in self.scenario["shocks"] if s["case"] == name)
        hit = shock.get("importers", w.members)
        longest = max(s["duration_months"] for s in self.scenario["shocks"])
        limit = w.plan["limit"]
        marks = {0, longest, *w.plan["periods"], limit["months"]}
        marks = sorted(mark for mark in marks if mark <= longest)
        self.by_case[name] = []
        for n, (begin, end) in enumerate(pairwise(marks)):
            if begin < shock["duration_months"]:
                self.period(case, n, begin, end, min(end, shock["duration_months"]), hit)
        for k in w.products:
            for group in [self.inside] if self.together else [[m] for m in self.inside]:
                used = [
                    (v, 1.0)
                    for v in self.rows.place
                    if v[0] == "drawn" and v[1] == name and v[3] in group and v[4] == k
                ]
                held = [(("stock", m, k), -1.0) for m in group if (m, k) in w.need]
                self.rows.row(used + held, high=0.0)

    def period(self, case, n, begin, end, stop, hit):
        w, rows, p, name = self.w, self.rows, self.w.parameters, case["name"]
        years = (stop - begin) / 12
        months = range(begin, end)
        ramp = float(np.mean([min(1.0, t / p["spare_ramp_months"]) for t in months])) * years
        grow = float(
            np.mean([min(1.0, max(0.0, (t - p["lead_months"]) / p["link_ramp_months"])) for t in months])
        )
        still = {at: 0.0 if at[2] == w.concern and at[1] in hit else 1.0 for at in self.links}
        short = [
            (m, k)
            for m, k in self.goods
            if any(still[at] < 1 and w.today[at] > 0 for at in self.links if at[:2] == (k, m))
        ]
        stands = {
            at: min(
                1.0,
                max(
                    0.0,
                    (end - max(begin, x["build_months"] - w.plan["notice_months"])) / (end - begin),
                ),
            )
            for at, x in self.plants.items()
        }
        for m, k in short:
            self.short(case, n, m, k, years, ramp, grow, still, stands)
        for s in self.inside:
            for k in w.products:
                turned = [
                    (("turned", name, n, s, m, k), 1.0)
                    for m in self.inside
                    if ("turned", name, n, s, m, k) in rows.place
                ]
                if turned:
                    rows.row(turned, high=w.exports(s, k) * years)
        if self.together:
            for k, e in w.spare:
                own = [at for at in self.links if (at[0], at[2]) == (k, e)]
                asked = [(("asked", name, n, at), 1.0) for at in own if ("asked", name, n, at) in rows.place]
                room = min(w.spare[k, e], sum(w.claim[at] for at in own))
                if asked:
                    rows.row(asked + [(("new", at), ramp) for at in own], high=ramp * room)
        for (h, k), share in stands.items():
            for o in {self.owner(m) for m in self.inside}:
                mine = [m for m in self.inside if self.owner(m) == o and (m, k) in w.need]
                sent = [
                    (("sent", name, n, h, m, k), 1.0)
                    for m in mine
                    if ("sent", name, n, h, m, k) in rows.place
                ]
                calm = [(("made", h, k, m), share * years) for m in mine if (m, k) not in short]
                if sent:
                    rows.row([*sent, *calm, (("plant", h, k, o), -share * years)], high=0.0)

    def short(self, case, n, m, k, years, ramp, grow, still, stands):
        w, rows, c, p, name = self.w, self.rows, self.w.costs, self.w.parameters, case["name"]
        price, need, costs = w.price[m, k], w.need[m, k] * years, self.by_case[name]
        gone = rows.new("short", name, n, m, k)
        self.missing[gone] = case["probability"] * price
        costs.append((gone, price * c["value_factor"]))
        terms = [(gone, 1.0), (rows.new("drawn", name, n, m, k), 1.0)]
        own = [at for at in self.links if at[:2] == (k, m)]
        for at in own:
            terms += [(("kept", at), still[at] * years), (("new", at), still[at] * years)]
            if w.usable[at] and still[at] == 1 and at[2] != w.concern:
                asked = rows.new("asked", name, n, at)
                terms.append((asked, 1.0))
                costs.append((asked, price * (c["emergency_share"] + w.dearer(at))))
                room = -p["link_headroom"] * years
                rows.row([(asked, 1.0), (("kept", at), room), (("new", at), room)], high=grow * need)
                if not self.together:
                    rows.row([(asked, 1.0), (("new", at), ramp)], high=ramp * w.claim[at])
        worst = min(still[at] for at in own if w.today[at] > 0)
        for (h, kk), share in stands.items():
            if kk == k:
                terms.append((("made", h, k, m), (1 - share) * worst * years))
                if share > 0:
                    terms.append((rows.new("sent", name, n, h, m, k), 1.0))
        for s in self.inside if self.together else [m]:
            if w.exports(s, k) > 0:
                turned = rows.new("turned", name, n, s, m, k)
                terms.append((turned, 1.0))
                costs.append((turned, price * (c["emergency_share"] + c["outsider_share"])))
        rows.row(terms, low=need)
        limit = w.plan["limit"]
        longest = max(s["duration_months"] for s in self.scenario["shocks"])
        marks = sorted(x for x in {0, longest, *w.plan["periods"], limit["months"]} if x <= longest)
        if w.plan["objective"] == "least_cost" and marks[n] < limit["months"]:
            rows.row([(gone, 1.0)], high=limit["shortage_share"] * need)


def drawn_world(seed, folder, objective, rule, *, aimed):
    """Write trade.csv and plan.yaml of a small world; returns the scenario."""
    draw = random.Random(seed)
    products = ["850511", "850760"][: draw.choice([1, 2])]
    lines = []
    for k in products:
        sellers = ["CHN", "AUS", *draw.sample(["BRA", "VNM", "CAN", "DEU"], draw.randint(2, 4))]
        if draw.random() < 0.4:
            sellers.append("USA")
        for e in sellers:
            for i in ("JPN", "USA", "KOR", "DEU", "BRA"):
                if e != i and (draw.random() < 0.8 or (e == "CHN" and i in ("JPN", "USA"))):
                    tons = draw.uniform(10, 100) * (4 if e == "CHN" else 1)
                    price = draw.uniform(850, 1150)
                    more = draw.uniform(0.6, 1.6)
                    for year, t in ((2024, tons), (2022, tons * more)):
                        lines.append((year, e, i, k, round(t * price), round(t, 3)))
    with (folder / "trade.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [["year", "exporter", "importer", "product", "value_usd", "quantity_t"], *lines]
        )
    members = ["JPN", "USA"]
    capacity = []
    for k in products:
        months, lump = draw.choice([12, 24, 27, 30]), draw.choice([0, 25, 60])
        for h in ("JPN", "USA", "AUS"):
            plant = {
                "products": [k],
                "hosts": [h],
                "capital_usd_per_t": draw.randint(1000, 6000),
                "gap_usd_per_t": draw.randint(0, 400),
                "build_months": months,
                "lump_t": lump,
                "most_t": draw.choice([0, 100, 150]),
                "support_share": draw.choice([0.3, 0.5]),
            }
            capacity.append(plant)
    long = [draw.choice([6, 12, 15]), draw.choice([12, 24])]
    shocks = [
        {
            "id": f"s{n}",
            "case": f"c{n}",
            "kind": "export_ban",
            "suppliers": "CHN",
            "products": list(products),
            "duration_months": long[n],
        }
        | ({"importers": [members[n]]} if aimed else {})
        for n in range(2)
    ]
    plan = {
        "members": members,
        "concern": "CHN",
        "partners": ["AUS"],
        "hosts": ["JPN", "USA", "AUS"],
        "products": list(products),
        "objective": objective,
        "tail": 0.9,
        "rule": rule,
        "limit": {"shortage_share": draw.choice([0.3, 0.5]), "months": 12},
        "periods": draw.choice([[3, 12, 24], [6, 12, 24]]),
        "notice_months": 24,
        "stock": {"most_days": draw.choice([60, 120]), "fill_share": 0.1},
        "costs": {
            "switching_share": 0.05,
            "emergency_share": 1.0,
            "outsider_share": 1.0,
            "value_factor": draw.choice([10, 30]),
            "carrying_share": 0.1,
            "filling_share": 0.05,
            "shelf_life_days": 1000,
            "discount_share": 0.05,
            "life_years": 15,
            "least_use_share": draw.choice([0.3, 0.5]),
        },
        "cases": [{"name": f"c{n}", "probability": draw.choice([0.02, 0.05, 0.1])} for n in range(2)],
        "capacity": capacity,
    }
    if draw.random() < 0.6:
        plan["budgets"] = [{"member": m, "usd": draw.randint(50_000, 300_000)} for m in members]
    if draw.random() < 0.4:
        plan["caps"] = draw.choice([{"concern_share": 0.7}, {"any_share": 0.85}])
    if draw.random() < 0.3:
        plan["floors"] = {"partner_share": 0.05}
    scenario = {
        "version": 1,
        "type": "plan",
        "name": "Drawn",
        "source": "none",
        "months": 24,
        "base_years": [2024],
        "shocks": shocks,
        "parameters": {
            "link_headroom": 0.0 if aimed else draw.choice([0.0, 0.2]),
            "lead_months": 24 if aimed else draw.choice([3, 6]),
            "link_ramp_months": 12,
            "spare_share": 1.0,
            "spare_ramp_months": draw.choice([3, 6]),
        },
        "plan": plan,
    }
    (folder / "plan.yaml").write_text(yaml.safe_dump(scenario, sort_keys=False), encoding="utf-8")
    return scenario
