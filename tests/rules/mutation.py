"""Every way to weaken firestore.rules by one thing, and whether the matrix notices.

A mutant is the rules with one change: an operand of && or || removed, a condition made true, a role added to or taken
from a list, a role function replaced by a wider one, a limit moved by one, an operation allowed besides or not any
more, a literal path opened to any id, an id opened to any depth. A mutant that no case refutes shows a condition that
nothing tests, or that does nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from tests.rules.emulator import Project, RulesError
from tests.rules.policy import OPERATIONS, ROLES, Case, all_cases, documents

ROLE_FUNCTIONS = ("governs()", "markets()", "meetsCustomers()", "isMember()")
"""From the narrowest to the widest."""


@dataclass(frozen=True)
class Mutant:
    line: int
    change: str
    """What was done, in words."""
    block: str
    """Pattern of the match in which it was done; empty above all matches."""
    rules: str


@dataclass(frozen=True)
class Verdict:
    mutant: Mutant
    killed: bool
    reason: str
    """The case that came out differently; for rules that do not compile, which prove nothing, the compiler's words."""
    cases: int
    """Operations that were needed to find out."""


@dataclass(frozen=True)
class Span:
    """A stretch of the rules' text that is one expression."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def mutants(rules: str) -> list[Mutant]:
    """All mutants, in the order of the lines; the same text twice is one mutant."""
    found: dict[str, Mutant] = {}
    for start, end, replacement, change in changes(rules):
        text = rules[:start] + replacement + rules[end:]
        line = rules.count("\n", 0, start) + 1
        if text != rules:
            found.setdefault(text, Mutant(line, change, block_at(rules, start), text))
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.change))


def changes(rules: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, replacement, what it is) of every mutation."""
    code = without_comments(rules)
    for span in conditions(code):
        yield from condition_changes(code, span)
    yield from list_changes(code)
    yield from function_changes(code)
    yield from number_changes(code)
    yield from allow_changes(code)
    yield from path_changes(code)


def without_comments(rules: str) -> str:
    """The rules with comments blanked out: positions stay."""
    return re.sub(r"(?m)^(\s*)(//.*)$", lambda match: match[1] + " " * len(match[2]), rules)


def conditions(code: str) -> list[Span]:
    """What stands after `return` and after `if`, up to the semicolon."""
    return [Span(*match.span(1)) for match in re.finditer(r"(?:\breturn\b|\bif\b)\s*([^;]+);", code)]


def condition_changes(code: str, span: Span) -> Iterator[tuple[int, int, str, str]]:
    text = span.of(code)
    if text.startswith("get("):
        yield span.start, span.end, "request.auth.token.role", "the role that the token claims"
        return
    yield span.start, span.end, "true", f"always true: {brief(text)}"
    yield from operand_changes(code, span)


def operand_changes(code: str, span: Span) -> Iterator[tuple[int, int, str, str]]:
    """Each operand of a chain removed; then the same inside each operand."""
    for operator in ("||", "&&"):
        parts = split(code, span, operator)
        if len(parts) < 2:
            continue
        for index, part in enumerate(parts):
            rest = f" {operator} ".join(other.of(code) for at, other in enumerate(parts) if at != index)
            yield span.start, span.end, rest, f"without {operator} {brief(part.of(code))}"
            yield from operand_changes(code, part)
        return
    text = span.of(code)
    if text.startswith("(") and text.endswith(")"):
        yield from operand_changes(code, trimmed(code, Span(span.start + 1, span.end - 1)))
    if text.startswith("!"):
        yield span.start, span.end, text[1:], f"not negated: {brief(text)}"


def split(code: str, span: Span, operator: str) -> list[Span]:
    """The operands at the top level of an expression, outside brackets and texts."""
    parts, depth, quoted, start, at = [], 0, False, span.start, span.start
    while at < span.end:
        char = code[at]
        if char == "'":
            quoted = not quoted
        elif not quoted and char in "([{":
            depth += 1
        elif not quoted and char in ")]}":
            depth -= 1
        elif not quoted and depth == 0 and code.startswith(operator, at):
            parts.append(trimmed(code, Span(start, at)))
            at += len(operator)
            start = at
            continue
        at += 1
    return [*parts, trimmed(code, Span(start, span.end))]


def trimmed(code: str, span: Span) -> Span:
    text = span.of(code)
    return Span(span.start + len(text) - len(text.lstrip()), span.end - len(text) + len(text.rstrip()))


def list_changes(code: str) -> Iterator[tuple[int, int, str, str]]:
    """Lists of texts with one entry less; lists of roles also with one more."""
    for match in re.finditer(r"\[('[^']*'(?:, *'[^']*')*)\]", code):
        entries = re.findall(r"'([^']*)'", match[1])
        for entry in entries:
            yield *match.span(), quoted(name for name in entries if name != entry), f"list without {entry}"
        if set(entries) <= set(ROLES):
            for role in (*ROLES, "guest"):
                if role not in entries:
                    yield *match.span(), quoted([*entries, role]), f"list with {role}"


def quoted(entries: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{entry}'" for entry in entries) + "]"


def function_changes(code: str) -> Iterator[tuple[int, int, str, str]]:
    """A role function replaced by each of the others, where it is used."""
    for name in ROLE_FUNCTIONS:
        for match in re.finditer(rf"(?<!function )\b{re.escape(name)}", code):
            for other in ROLE_FUNCTIONS:
                if other != name:
                    yield *match.span(), other, f"{other} instead of {name}"


def number_changes(code: str) -> Iterator[tuple[int, int, str, str]]:
    """Limits one higher and one lower; the comparison without equality."""
    for match in re.finditer(r"<= (\d+)", code):
        for limit in (int(match[1]) + 1, int(match[1]) - 1):
            yield *match.span(), f"<= {limit}", f"<= {limit} instead of {match[0]}"
        yield *match.span(), f">= {match[1]}", f">= {match[1]} instead of {match[0]}"
    for match in re.finditer(r"\{(\d+),(\d+)\}'", code):
        for limit in (int(match[2]) + 1, int(match[2]) - 1):
            text = f"{{{match[1]},{limit}}}'"
            yield *match.span(), text, f"{text} instead of {match[0]}"


def allow_changes(code: str) -> Iterator[tuple[int, int, str, str]]:
    """Each allow line removed, without one of its operations, with one operation more."""
    for match in re.finditer(r"allow ([a-z, ]+): if ([^;]+);", code):
        # Not cut out: a match with no line left does not compile.
        yield *match.span(2), "false", f"never: {brief(match[0])}"
        operations = match[1].split(", ")
        for operation in operations:
            rest = [name for name in operations if name != operation]
            if rest:
                yield *match.span(1), ", ".join(rest), f"allow without {operation}"
        for operation in OPERATIONS:
            if operation not in operations and adds(operation, code, match):
                yield *match.span(1), f"{match[1]}, {operation}", f"allow also {operation}"


def adds(operation: str, code: str, line: re.Match[str]) -> bool:
    """Whether another operation on this line could let more through than before.

    It cannot when the condition speaks of what that operation does not have (there is no query in a get, no new
    document in a delete: the condition fails), or when the operation is allowed beside it under a wider condition.
    """
    condition = line[2]
    if "paged()" in condition and operation != "list":
        return False
    if "request.resource" in condition and operation not in ("create", "update"):
        return False
    start, end = code.rfind("match ", 0, line.start()), code.find("match ", line.end())
    around = code[start : end if end > 0 else len(code)]
    beside = re.search(rf"allow [a-z, ]*\b{operation}\b[a-z, ]*: if ([^;]+);", around)
    return not (beside and condition in split_texts(beside[1], "||"))


def split_texts(text: str, operator: str) -> list[str]:
    return [part.of(text) for part in split(text, Span(0, len(text)), operator)]


def path_changes(code: str) -> Iterator[tuple[int, int, str, str]]:
    """A literal last part of a match opened to any id, an id opened to any depth."""
    for match in re.finditer(r"match (/\S+) \{", code):
        head, _, last = match[1].rpartition("/")
        if "documents" in match[1]:
            continue
        if last.startswith("{"):
            yield *match.span(1), f"{head}/{last[:-1]}=**}}", f"any depth below {match[1]}"
        else:
            yield *match.span(1), f"{head}/{{any}}", f"any id in place of {last}"


def block_at(rules: str, position: int) -> str:
    """The pattern named by the comment of the match around a position."""
    code = without_comments(rules)
    stack: list[str] = []
    for match in re.finditer(
        r"match /(\S+) \{|\bfunction \w+\([^)]*\) \{|service [\w.]+ \{|\{(?=\s*\n)|\}(?=\s*\n)", code
    ):
        if match.start() > position:
            break
        if match[0] == "}":
            stack.pop()
        else:
            stack.append(match[1] or "")
    return "/".join(part for part in stack if part and "documents" not in part)


def brief(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:57]}..."


# --- running ---------------------------------------------------------------------------------------------------


def judge(mutant: Mutant, pool: ThreadPoolExecutor, cases: list[Case], width: int = 24) -> Verdict:
    """Run the matrix against a mutant until a case is refuted, those of its own block first."""
    project = Project()
    try:
        project.load(mutant.rules)
    except RulesError as error:
        return Verdict(mutant, False, f"does not compile: {error}", 0)
    project.seed(documents())
    try:
        return refuted(mutant, project, pool, cases, width)
    finally:
        project.clear()


def refuted(mutant: Mutant, project: Project, pool: ThreadPoolExecutor, cases: list[Case], width: int) -> Verdict:
    near = [case for case in cases if case.row == mutant.block]
    far = [case for case in cases if case.row != mutant.block]
    queue = iter([*near, *far])
    done = 0
    while batch := list(islice(queue, width)):
        for case, status in zip(batch, pool.map(lambda case: case.run(project), batch), strict=True):
            done += 1
            if status != case.expected:
                return Verdict(mutant, True, f"{case}, but {status}", done)
    return Verdict(mutant, False, "no case noticed", done)


def judge_all(chosen: Iterable[Mutant], threads: int = 4) -> Iterator[Verdict]:
    """Verdicts one by one, on one emulator: a project a mutant, since a write let through changes it."""
    cases = all_cases()
    # Mixed, always in the same way: few cases notice a change in a shared function, and they stand together.
    random.Random(0).shuffle(cases)
    with ThreadPoolExecutor(threads) as pool:
        for mutant in chosen:
            yield judge(mutant, pool, cases)
