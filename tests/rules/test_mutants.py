"""A sample of the weakened rules is noticed by the matrix; `scripts/mutants` runs all of them."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from tests.rules.emulator import Project
from tests.rules.mutation import Mutant, judge, judge_all, mutants
from tests.rules.policy import all_cases

SAMPLE = 8
TOY = """
rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    function governs() {
      return role() in ['owner', 'admin'];
    }
    match /things/one {
      // A comment with if, && and || in it; nothing to change.
      allow get: if governs() && (a || !b && 'x && y' in c);
    }
  }
}
"""


def test_a_sample_of_mutants_is_killed(project: Project, rules: str) -> None:
    seed = random.randrange(10**6)
    chosen = random.Random(seed).sample(mutants(rules), SAMPLE)
    alive = [f"line {it.mutant.line}: {it.mutant.change}: {it.reason}" for it in judge_all(chosen) if not it.killed]
    assert alive == [], f"scripts/mutants --sample {SAMPLE} --seed {seed}"


def test_rules_that_are_not_weaker_survive(project: Project, rules: str) -> None:
    same = Mutant(1, "a blank line", "orders/{orderId}", rules + "\n")
    with ThreadPoolExecutor(4) as pool:
        verdict = judge(same, pool, all_cases()[:60])
    assert (verdict.killed, verdict.cases) == (False, 60)


def test_rules_that_do_not_compile_prove_nothing(project: Project, rules: str) -> None:
    broken = Mutant(1, "a brace less", "", rules.replace("{", "", 1))
    with ThreadPoolExecutor(1) as pool:
        verdict = judge(broken, pool, [])
    assert not verdict.killed
    assert verdict.reason.startswith("does not compile")


def test_every_operand_list_path_and_allow_line_has_its_mutants() -> None:
    found = mutants(TOY)
    assert {mutant.change for mutant in found if mutant.line == 10} == {
        "always true: governs() && (a || !b && 'x && y' in c)",
        "without && governs()",
        "without && (a || !b && 'x && y' in c)",
        "without || a",
        "without || !b && 'x && y' in c",
        "without && !b",
        "without && 'x && y' in c",
        "not negated: !b",
        "never: allow get: if governs() && (a || !b && 'x && y' in c);",
        "allow also list",
        "allow also create",
        "allow also update",
        "allow also delete",
        "markets() instead of governs()",
        "meetsCustomers() instead of governs()",
        "isMember() instead of governs()",
    }
    assert {mutant.change for mutant in found if mutant.line == 6} == {
        "always true: role() in ['owner', 'admin']",
        "list without owner",
        "list without admin",
        "list with marketer",
        "list with analyst",
        "list with support",
        "list with guest",
    }
    assert [mutant.change for mutant in found if mutant.line == 8] == ["any id in place of one"]
    assert {mutant.block for mutant in found if mutant.line == 10} == {"things/one"}
    assert len({mutant.rules for mutant in found}) == len(found)
