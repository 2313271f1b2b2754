"""A finding as one offline page: the answer, its picture, the table, and what qualifies them.

The plain companion of the brief, for any question. It loads nothing, runs nothing, and says so in its policy.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape

from friendshore.errors import FriendshoreError
from friendshore.records import Finding
from friendshore.report.cells import joined, printable, qualifications, shown_columns
from friendshore.report.further import further
from friendshore.report.words import check_language, say, translate, words_in
from friendshore.tables.sources import bibtex

__all__ = ["render"]

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root{color-scheme:light dark;--ink:#1B1F24;--ground:#fff;--rule:#C9CED3;--quiet:#5B6268}
@media (prefers-color-scheme:dark){:root{--ink:#E6E9EC;--ground:#1B1F24;--rule:#5B6268;--quiet:#9AA0A6}}
body{margin:0 auto;padding:24px 16px;max-width:960px;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans","Noto Sans JP","Hiragino Sans","Yu Gothic",sans-serif}
h1{font-size:28px;line-height:1.25;font-weight:600}h1.long{font-size:18px;line-height:1.5;max-width:760px}h2{font-size:20px;font-weight:600}
p,li{max-width:760px;overflow-wrap:anywhere}img{max-width:100%;background:#fff}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;text-align:left;vertical-align:top;overflow-wrap:break-word;max-width:24em}
th{border-bottom:1px solid var(--ink);vertical-align:bottom;font-weight:600;min-width:3.5em;max-width:9em}
.n{text-align:right}td.n{white-space:nowrap}
tbody tr:nth-child(5n) td{border-bottom:1px solid var(--rule)}
small,pre,footer{font-size:12px;color:var(--quiet)}pre{white-space:pre-wrap;overflow-wrap:anywhere}
"""

LONG = 240
"""Signs from which an answer is set as a paragraph and not as a headline."""


def render(finding: Finding, lang: str = "en") -> str:
    """Write the page.

    Parameters
    ----------
    finding
        The answer.
    lang
        ``en`` or ``ja``.

    Returns
    -------
    str
        HTML that opens without a network and with JavaScript off.
    """
    check_language(lang)
    finding = joined(finding)
    answer = _safe(translate(finding.answer, lang))
    kind = ' class="long"' if len(answer) > LONG else ""
    sections = [
        _picture(finding, lang, answer),
        _table(finding, lang),
        *(
            f"<h2>{_safe(head)}</h2>\n{_table(part, lang)}"
            for head, part in further(finding, lang, everything=True)
        ),
        *(_list(title, lines) for title, lines in qualifications(finding, lang)),
        _block("BibTeX", bibtex(finding.sources)),
        _block(say("The same again", lang), finding.command),
    ]
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{answer}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1{kind}>{answer}</h1>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main>\n</body>\n</html>\n"
    )


def _safe(text: str) -> str:
    return escape(printable(text), quote=True)


def _block(title: str, text: str) -> str:
    """Keep lines as they are."""
    lines = "\n".join(_safe(line) for line in text.split("\n"))
    return f"<h2>{_safe(title)}</h2><pre>{lines}</pre>" if text else ""


def _picture(finding: Finding, lang: str, answer: str) -> str:
    """Embed the chart of the question where it has one."""
    from friendshore import charts

    try:
        picture: bytes = charts.draw(finding, format="svg", words=words_in(lang))
    except FriendshoreError:
        return ""
    return f'<img alt="{answer}" src="data:image/svg+xml;base64,{b64encode(picture).decode("ascii")}">'


def _table(finding: Finding, lang: str) -> str:
    if not finding.rows:
        return f"<p>{_safe(say('No rows.', lang))}</p>"
    columns = shown_columns(finding, lang)
    kind = [' class="n"' if column.numeric and place else "" for place, column in enumerate(columns)]
    head = "".join(
        f'<th scope="col"{k}>{_safe(c.head)}{f"<br><small>{_safe(c.unit)}</small>" if c.unit else ""}</th>'
        for c, k in zip(columns, kind, strict=True)
    )
    body = "\n".join(
        "<tr>"
        + "".join(f"<td{k}>{_safe(c.cells[row])}</td>" for c, k in zip(columns, kind, strict=True))
        + "</tr>"
        for row in range(len(finding.rows))
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
    )


def _list(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    return f"<h2>{_safe(title)}</h2>\n<ul>" + "".join(f"<li>{_safe(line)}</li>" for line in lines) + "</ul>"
