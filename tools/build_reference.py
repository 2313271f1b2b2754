"""Write docs/reference from the program itself, and the outputs that other pages show.

Run by ``make docs``. A test compares what this would write with what is there. Outputs are written after a
line ``<!-- output -->``: each command of the next console block is run, page by page in a folder of its own,
and shown down to its table (``<!-- output: 12 -->``: twelve lines, ``<!-- output: all -->``: with what stands
below the table). ``<!-- file: PATH -->`` before a block writes that file there first, and
``<!-- not run: REASON -->`` leaves a block alone.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import friendshore

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path("docs/reference")
BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^>]*) -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
ABRIDGED = "..."
BELOW_THE_TABLE = {"Figures", "Caveats", "Assumptions", "Sources", "数値", "留意点", "仮定", "出典"}


def table(heads: list[str], rows: list[list[Any]]) -> str:
    """Write a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines) + "\n"


def cell(value: object) -> str:
    """Write a cell on one line."""
    return " ".join(str("" if value is None else value).split()).replace("|", "\\|")


def page(title: str, *parts: str) -> str:
    """Put a page together."""
    return "\n\n".join([f"# {title}", *(part.strip("\n") for part in parts)]) + "\n"


def columns_page() -> str:
    """Describe every column of every table, from the dictionary that the program reads."""
    import csv

    with files("friendshore").joinpath("data/columns.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    parts = []
    for name in dict.fromkeys(row["table"] for row in rows):
        parts.append(f"## {name}")
        parts.append(
            table(
                ["column", "unit", "range", "may be empty", "meaning"],
                [
                    [
                        f"`{r['name']}`",
                        r["unit"],
                        span(r["minimum"], r["maximum"]),
                        r["nullable"],
                        r["description"],
                    ]
                    for r in rows
                    if r["table"] == name
                ],
            )
        )
    lead = (
        "`trade`, `production` and `governance` are what goes in (a user's folder, `friendshore data add`); "
        "the others come out. Empty is unknown or not defined, never zero."
    )
    return page("Columns", lead, *parts)


def span(low: str, high: str) -> str:
    """Write a range of allowed values."""
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"to {high}" if high else ""


def python_page() -> str:
    """Copy the docstrings of the public names."""
    parts = [
        "The questions are functions of `friendshore.answers`, each named as its command; the rest is imported as "
        "`friendshore.NAME`."
    ]
    questions = {
        f"answers.{name}": getattr(friendshore.answers, name) for name in friendshore.answers.__all__
    }
    others = {name: getattr(friendshore, name) for name in friendshore.__all__ if name != "answers"}
    for name, thing in (questions | others).items():
        title = f"{name}{inspect.signature(thing)}" if inspect.isfunction(thing) else name
        title = re.sub(r"friendshore\.[a-z_.]+\.", "", title).replace("'", "")
        parts.append(f"## {name}\n\n```python\n{title}\n```\n\n```text\n{inspect.getdoc(thing)}\n```")
    return page("Python", *parts)


def errors_page() -> str:
    """List the error codes found in the source, each with the class and the first words of a message."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "src/friendshore").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith("Error")):
                continue
            for keyword in node.keywords:
                for code in codes(keyword.value) if keyword.arg == "code" else ():
                    found.setdefault(code, (ast.unparse(node.func), example(node.args[0])))
    rows = [[f"`{code}`", f"`{kind}`", text] for code, (kind, text) in sorted(found.items())]
    lead = (
        "Errors that friendshore raises on purpose carry a `code`, a message, a hint (what to type next) and "
        "the first offending rows. The command line ends with exit code 2; `--json` prints them under "
        "`error`. `...` stands for what the case fills in."
    )
    return page("Errors", lead, table(["code", "raised as", "message, for example"], rows))


def codes(node: ast.expr) -> list[str]:
    """Return the codes that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*codes(node.body), *codes(node.orelse)] if isinstance(node, ast.IfExp) else []


def example(node: ast.expr) -> str:
    """Write a message with dots for its fields."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "..." for part in node.values)
    if isinstance(node, ast.BinOp):
        return example(node.left) + example(node.right)
    return example(node.body) if isinstance(node, ast.IfExp) else "..."


def blocs_page() -> str:
    """List the blocs with their dated members."""
    from friendshore.tables.blocs import blocs

    parts = []
    for key, bloc in sorted(blocs().items()):
        other = f" Also: {', '.join(bloc.aliases)}." if bloc.aliases else ""
        parts.append(
            f"## {key}\n\n{bloc.name_en} ({bloc.name_ja}), {bloc.kind}.{other} {bloc.note or ''}".rstrip()
        )
        parts.append(
            table(
                ["member", "from", "until", "source", "how it was checked"],
                [[m.country, since(m), m.until, m.source, m.verification] for m in bloc.members],
            )
        )
    lead = (
        "Members as the program uses them; a year's members are those of its 31 December. "
        "`friendshore blocs NAME --on DATE` lists them."
    )
    return page("Blocs", lead, *parts)


def since(membership: Any) -> str:  # noqa: ANN401  a Membership, opened lazily
    """Write the first day, and how well it is known."""
    day, precision = membership.since, membership.precision
    return str(day) if precision == "day" else f"{day} ({precision})"


def products_page() -> str:
    """List products and groups."""
    from friendshore.tables.products import groups, products

    rows = [
        [f"`{p.code}`", p.label_en, p.label_ja, p.stage, "yes" if p.own_tons else "no"]
        for p in sorted(products().values(), key=lambda p: p.code)
    ]
    parts = [
        "HS92 codes. *Own tons*: whether production is known in this product's own gross tons and stage.",
        table(["code", "product", "製品", "stage", "own tons"], rows),
        "## Groups\n\nFor `--group NAME`. *Not in the box*: what the list names and the data do not hold.",
        table(
            ["group", "", "products", "not in the box", "source"],
            [
                [
                    f"`{key}`",
                    f"{g.label_en} ({g.label_ja})",
                    ", ".join(g.products),
                    absent(g.absent),
                    g.source,
                ]
                for key, g in sorted(groups().items())
            ],
        ),
    ]
    return page("Products and groups", *parts)


def absent(entries: Any) -> str:  # noqa: ANN401  strings, or pairs of code and label
    """Write what a group names and the box does not hold."""
    return "; ".join(e if isinstance(e, str) else " ".join(str(part) for part in e if part) for e in entries)


def materials_page() -> str:
    """List materials with their stages."""
    from friendshore.tables.materials import materials

    rows = [
        [
            f"`{key}`",
            m.label_en,
            m.label_ja,
            m.by_product_of,
            "; ".join(f"{s.name} {', '.join(s.codes)}" for s in m.stages if s.measurable),
            "; ".join(f"{s.name}{f' ({s.note})' if s.note else ''}" for s in m.stages if not s.measurable),
        ]
        for key, m in sorted(materials().items())
    ]
    heads = [
        "id",
        "material",
        "素材",
        "by-product of",
        "measured stages and codes",
        "stages that cannot be measured",
    ]
    return page("Materials", "For `--by material`. Which code is which stage.", table(heads, rows))


def costs_page() -> str:
    """List what a plan assumes about costs, and the programmes that it can name."""
    from friendshore.planning.cost_parameters import COST_PARAMETERS
    from friendshore.planning.costs import cost_table
    from friendshore.planning.programmes import programmes, standard_examples
    from friendshore.tables.products import product_name

    parts = [
        "Every number that `friendshore plan` takes from us and not from you or from trade data. A source `assumption` "
        "is our own judgement; `general knowledge` was checked by nobody. Override any of them under `costs:` or "
        "`capacity:` of a scenario file. What they do stands in [the plan](../explanation/plan.md).",
    ]
    heads = ["for", "value", "low", "high", "price year", "source"]
    for parameter, about in COST_PARAMETERS.items():
        rows = [
            [
                "any good" if f.applies_to == "default" else f"`{f.applies_to}` {product_name(f.applies_to)}",
                *(f"{end:,.10g}" for end in (f.value, f.low, f.high)),
                f.price_year,
                f.source,
            ]
            for f in cost_table()
            if f.parameter == parameter
        ]
        parts.append(f"## {parameter}\n\nIn {about.unit}.\n\n" + table(heads, rows))
    parts.append("## Programmes\n\nFor `support:` and `caps: {preset:}` of a scenario file.")
    parts.append(
        table(
            ["name", "", "kind", "rate, cap or days", "source", "certainty", "note"],
            [
                [f"`{p.name}`", p.label_en, p.kind, terms(p), p.source, p.certainty, p.note]
                for p in programmes().values()
            ],
        )
    )
    lead = (
        "Invented, to show the form, and never applied: bring your own under `standards:` of a scenario file."
    )
    parts.append(f"## Standards\n\n{lead}")
    heads = ["supplier", "group", "shared", "fee, USD"]
    parts.append(
        table(
            heads,
            [
                [e.supplier, e.group, "yes" if e.shared else "no", f"{e.fee_usd:,.0f}"]
                for e in standard_examples()
            ],
        )
    )
    return page("Costs of a plan", *parts)


def terms(programme: Any) -> str:  # noqa: ANN401  a Programme
    """Write what a programme grants, caps or asks for."""
    found = [f"{name} {value:.0%}" for name, value in {**programme.caps, **programme.targets}.items()]
    if programme.share is not None:
        found.append(f"{programme.share:.3g} of the capital, at most {programme.most_share:.3g}")
    if programme.most_project is not None:
        found.append(
            f"at most {programme.most_project.amount:,.0f} {programme.most_project.currency} a project"
        )
    if programme.days is not None:
        found.append(f"{programme.days:g} days")
    return "; ".join(found)


def sources_page() -> str:
    """List the sources of the box."""
    import yaml

    text = files("friendshore").joinpath("data/sources.yaml").read_text(encoding="utf-8")
    parts = []
    for key, source in yaml.safe_load(text).items():
        lines = [f"* {name}: {cell(value)}" for name, value in source.items() if name != "title"]
        parts.append(f"## {key}\n\n{source['title']}\n\n" + "\n".join(lines))
    return page("Sources", "What every answer from the box cites.", *parts)


def reference() -> dict[Path, str]:
    """Return the generated pages: path from the root -> text."""
    pages = {
        "columns.md": columns_page(),
        "python.md": python_page(),
        "errors.md": errors_page(),
        "blocs.md": blocs_page(),
        "products.md": products_page(),
        "materials.md": materials_page(),
        "sources.md": sources_page(),
        "costs.md": costs_page(),
        "commands.md": commands_page(),
    }
    note = "<!-- Written by `make docs`; changes here are lost. -->\n\n"
    return {REFERENCE / name: note + text for name, text in pages.items()}


def leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401  Typer's own
    """Walk the command tree down to what can be run."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
    for name, child in (inner or {}).items():
        yield from leaves(child, (*words, name))


def commands() -> dict[tuple[str, ...], Any]:
    """Return every command of the program."""
    from friendshore.cli.application import command

    return dict(leaves(command(), ("friendshore",)))


def commands_page() -> str:
    """Describe every command with its arguments and options."""
    parts = ["Importers come first, the supplier of concern is `--on`; both take ISO3 codes or bloc names."]
    for words, command in commands().items():
        rows = []
        for option in command.params:
            names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
            if option.param_type_name == "argument":
                names = f"`{option.metavar or option.name.upper()}`"
            elif option.metavar:
                names = f"{names} `{option.metavar}`"
            rows.append([names, "required" if option.required else "", getattr(option, "help", "")])
        text = inspect.cleandoc(command.help or "")
        parts.append(
            f"## {' '.join(words)}\n\n{text}\n\n" + table(["argument or option", "", "meaning"], rows)
        )
    return page("Commands", *parts)


def run(command: str) -> str:
    """Run one ``friendshore ...`` line here and return what it prints on stdout."""
    from friendshore.cli import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(shlex.split(command)[1:])
    if status:
        raise RuntimeError(f"{command}\nended with {status}:\n{err.getvalue()}{out.getvalue()}")
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())


@contextlib.contextmanager
def elsewhere() -> Iterator[None]:
    """Work in an empty folder with an empty store and a terminal of fixed width."""
    with tempfile.TemporaryDirectory() as folder:
        saved, here = dict(os.environ), Path.cwd()
        os.environ.update(FRIENDSHORE_DATA=f"{folder}/.store", COLUMNS="110", TERM="dumb", NO_COLOR="1")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(saved)


def refreshed(text: str) -> str:
    """Run the commands of a page in order and return it with the outputs that it asks for."""

    def block(match: re.Match[str]) -> str:
        mark = match["mark"] or ""
        if mark.startswith("file: "):
            path = Path(mark.removeprefix("file: ").strip())
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(match["body"], encoding="utf-8")
        if match["kind"] != "console" or mark.startswith("not run"):
            return match[0]
        commands = [line for line in match["body"].splitlines() if line.startswith("$ ")]
        shown = []
        for line in commands:
            output = run(line[2:]) if line.startswith("$ friendshore ") else ""
            shown += [line, *abridged(output, mark)]
        if not mark.startswith("output"):
            return match[0]
        return f"<!-- {mark} -->\n```console\n" + "\n".join(shown) + "\n```"

    with elsewhere():
        return BLOCK.sub(block, text)


def abridged(output: str, mark: str) -> list[str]:
    """Keep as much of an output as the mark says."""
    lines = output.splitlines()
    wanted = mark.partition(":")[2].strip()
    if wanted.isdigit():
        end = int(wanted)
    else:
        below = [n for n, line in enumerate(lines) if line in BELOW_THE_TABLE and wanted != "all"]
        end = min(below, default=len(lines))
    kept = lines[:end]
    while kept and not kept[-1]:
        kept.pop()
    return kept if len(kept) == len(lines) else [*kept, ABRIDGED]


def told() -> list[Path]:
    """Return the pages that people wrote, from the root."""
    written = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    paths = [path.relative_to(ROOT) for path in written]
    return [path for path in paths if REFERENCE not in path.parents]


def main() -> None:
    """Write everything."""
    for path, text in reference().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    failed = []
    for path in told():
        text = (ROOT / path).read_text(encoding="utf-8")
        try:
            (ROOT / path).write_text(refreshed(text), encoding="utf-8")
        except RuntimeError as problem:
            failed.append(f"{path}: {problem}")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
