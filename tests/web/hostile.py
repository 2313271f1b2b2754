"""Documents and forms that somebody sends to do harm, made here so that none of them lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

ARTICLE = (
    "Beijing, 4 April 2025. China's Ministry of Commerce announced export controls on samarium and dysprosium "
    "on 4 April 2025."
)
ANSWER = ("answer",)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True)
class Hostile:
    name: str
    """Under which it is sent."""
    raw: bytes
    ends: tuple[str, ...]
    """What may come of it: codes of refusals, or ``answer``."""
    heavy: bool = False
    """Whether it is meant to take memory or time, and so has to be read under limits."""
    says: str = ""
    """What a refusal or answer has to contain."""


def docx(body: str, *, extra: dict[str, bytes] | None = None, head: str = "", rels: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/></Types>',
        )
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/>{rels}</Relationships>',
        )
        word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml",
            f'{head}<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>',
        )
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def zeros(size: int, name: str = "word/media/zeros.xml") -> bytes:
    """Pack a file that is a thousand times as large when it is unpacked."""
    return docx(ARTICLE, extra={name: b"\0" * size})


def overlapping(copies: int) -> bytes:
    """Write a zip whose directory names one part many times."""
    packed = docx(ARTICLE)
    end = packed.rindex(b"PK\5\6")
    count, size, start = struct.unpack("<HLL", packed[end + 10 : end + 20])
    entries = packed[start : start + size]
    many = count * copies
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, many & 0xFFFF, many & 0xFFFF, size * copies, start, 0)
    return packed[:start] + entries * copies + tail


def pdf(objects: list[bytes], *, root: int = 1, tail: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        tail,
        start,
    )
    return bytes(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), more, content)


def page_of(text: str, *, catalog: bytes = b"", contents: bytes | None = None) -> bytes:
    told = contents if contents is not None else stream(f"BT /F1 12 Tf 10 700 Td ({text}) Tj ET".encode())
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            told,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def pdfs() -> Iterator[Hostile]:
    refused = (
        "broken_document",
        "document_too_large",
        "document_too_costly",
        "empty_file",
        "encrypted_document",
    )
    script = b"/OpenAction<</S/JavaScript/JS(app.launchURL\\('http://x.example'\\))>>"
    yield Hostile("script.pdf", page_of(ARTICLE, catalog=script), ANSWER)
    attached = b"/Names<</EmbeddedFiles<</Names[(evil.exe)<</Type/Filespec/F(evil.exe)/EF<</F 4 0 R>>>>]>>>>"
    yield Hostile("attached.pdf", page_of(ARTICLE, catalog=attached), ANSWER)
    yield Hostile("cut.pdf", page_of(ARTICLE)[:200], refused)
    yield Hostile("no.pdf", b"%PDF-1.7\n" + b"\xff" * 1000, refused)
    kids = pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])
    yield Hostile("loop.pdf", kids, (*refused, *ANSWER), heavy=True)
    many = [b"<</Type/Catalog/Pages 2 0 R>>"]
    many.append(b"<</Type/Pages/Kids[" + b"3 0 R " * 5000 + b"]/Count 5000>>")
    many.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    yield Hostile("pages.pdf", pdf(many), ("document_too_large",))
    big = zlib.compress(b"BT /F1 1 Tf (a) Tj ET " * 12_000_000, 9)
    yield Hostile(
        "stream.pdf", page_of("", contents=stream(big, b"/Filter/FlateDecode")), refused, heavy=True
    )
    twice = zlib.compress(zlib.compress(b"\0" * 400_000_000, 9), 9)
    nested = page_of("", contents=stream(twice, b"/Filter[/FlateDecode/FlateDecode]"))
    yield Hostile("nested.pdf", nested, refused, heavy=True)
    yield Hostile("prev.pdf", pdf([b"<</Type/Catalog>>"], tail=b"/Prev 9"), (*refused, *ANSWER), heavy=True)
    deep = pdf([b"<</Type/Catalog/Pages " + b"[" * 50_000 + b"]" * 50_000 + b">>"])
    yield Hostile("deep.pdf", deep, refused, heavy=True)


def words() -> Iterator[Hostile]:
    yield Hostile("sound.docx", docx(ARTICLE), ANSWER)
    yield Hostile("bomb.docx", zeros(300_000_000), ("document_too_large",))
    yield Hostile("parts.docx", overlapping(3000), ("document_too_large", "broken_document"))
    yield Hostile("overlap.docx", overlapping(50), ("broken_document", *ANSWER))
    yield Hostile(
        "nested.docx", docx(ARTICLE, extra={"word/embeddings/inner.zip": zeros(100_000_000)}), ANSWER
    )
    laughs = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(10)
    )
    yield Hostile(
        "laughs.docx", docx("&k;", head=laughs + "]>"), ("broken_document", "empty_file"), heavy=True
    )
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield Hostile("outside.docx", docx(f"&x;{ARTICLE}", head=outside), ("broken_document", *ANSWER))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    rels = f'<Relationship Id="r9" Type="{kind}" Target="http://x.example/t.dotm" TargetMode="External"/>'
    yield Hostile("linked.docx", docx(ARTICLE, rels=rels), ANSWER)
    climbing = docx(ARTICLE, extra={"../../../../tmp/climbed.txt": b"x", "/tmp/climbed.txt": b"x"})
    yield Hostile("climbing.docx", climbing, ("broken_document", *ANSWER))
    yield Hostile("many.docx", docx("</w:t></w:r></w:p><w:p><w:r><w:t>x" * 1_500_000), (
        "document_too_costly", "document_too_large", "broken_document", *ANSWER,
    ), heavy=True)  # fmt: skip
    yield Hostile("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ("encrypted_document",))
    yield Hostile("empty.docx", b"PK\5\6" + b"\0" * 18, ("broken_document",))


def pages() -> Iterator[Hostile]:
    page = f"<html><body><p>{ARTICLE}</p>"
    yield Hostile("script.html", f"{page}<script>alert(1)</script>".encode(), ANSWER)
    refresh = (
        f"<meta http-equiv=refresh content='0;url=http://x.example'><base href='http://x.example/'>{page}"
    )
    yield Hostile("refresh.html", refresh.encode(), ANSWER)
    yield Hostile(
        "nested.html", b"<div>" * 1_000_000 + ARTICLE.encode(), ("document_too_costly", *ANSWER), heavy=True
    )
    yield Hostile(
        "markup.html", b"<a b='" * 1_000_000, ("document_too_costly", "empty_file", *ANSWER), heavy=True
    )
    declared = b"<!" * 400_000 + b"<![CDATA[" * 100_000
    yield Hostile("declared.html", declared, ("document_too_costly", "empty_file", *ANSWER), heavy=True)
    yield Hostile("entities.html", b"<p>" + b"&amp;" * 1_900_000, (
        "document_too_costly", "document_too_large", *ANSWER,
    ), heavy=True)  # fmt: skip
    yield Hostile("odd.html", f"<meta charset='utf-7'>{page}".encode(), ANSWER)
    yield Hostile("codec.html", f"<meta charset='zlib_codec'>{page}\xe9".encode("latin-1"), ANSWER)
    yield Hostile("puny.html", b"<meta charset='punycode'>" + b"\xff" * 100 + b"a" * 3_000_000, (
        "document_too_costly", "document_too_large", "broken_document", *ANSWER,
    ), heavy=True)  # fmt: skip


def texts() -> Iterator[Hostile]:
    yield Hostile("line.txt", b"a" * 9_900_000, ("document_too_large",))
    yield Hostile("words.txt", b"Japan and " * 190_000, ("document_too_costly", *ANSWER), heavy=True)
    yield Hostile("dates.txt", b"1 May 2025, " * 160_000, ("document_too_costly", *ANSWER), heavy=True)
    yield Hostile(
        "breaks.txt", b"\r\n \t" * 400_000 + ARTICLE.encode(), ("document_too_costly", *ANSWER), heavy=True
    )
    yield Hostile("nul.txt", b"abc\0\0\0def", ("binary_document",))
    yield Hostile("late-nul.txt", ARTICLE.encode() + b" " * 5000 + b"\0\0", ANSWER)
    yield Hostile("bytes.txt", bytes(range(1, 256)) * 40, ANSWER)
    yield Hostile("cut.txt", b"\xff\xfeA\0B", ANSWER)
    yield Hostile("marks.txt", b"\xff\xfe", ("empty_file",))
    yield Hostile("turned.txt", f"\u202e{ARTICLE}\u202c\u2066\ufeff".encode(), ANSWER)
    yield Hostile(
        "hidden.txt", ("\u200b" * 1_000_000 + ARTICLE).encode(), ("document_too_costly", *ANSWER), heavy=True
    )
    formula = '=cmd|"/c calc"!A1 China banned exports of gallium to the United States on 3 December 2024.'
    yield Hostile("formula.txt", formula.encode(), ANSWER)
    yield Hostile("picture.txt", b"\x89PNG\r\n\x1a\n" + b"\1" * 200, ("binary_document",))
    yield Hostile("poly.pdf", b"PK\3\4" + docx(ARTICLE)[4:] + page_of(ARTICLE), (
        "broken_document", "empty_file", *ANSWER,
    ))  # fmt: skip
    yield Hostile("poly.docx", page_of(ARTICLE) + docx(ARTICLE), ("broken_document", *ANSWER))
    yield Hostile("blank.txt", b" \n" * 1000, ("empty_file",))
    yield Hostile("none.txt", b"", ("empty_file",))


def documents() -> list[Hostile]:
    return [*pdfs(), *words(), *pages(), *texts()]


NAMES = {
    "../../etc/passwd.txt": "passwd.txt",
    "C:\\Windows\\System32\\cmd.txt": "cmd.txt",
    "a\r\nSet-Cookie: x=1.txt": "aSet-Cookie x1.txt",
    "a\0b.txt": "ab.txt",
    "CON.txt": "_CON.txt",
    "lpt1.txt": "_lpt1.txt",
    "-rf.txt": "_-rf.txt",
    ".hidden.txt": "hidden.txt",
    "\u202egnp.txt": "gnp.txt",
    '"><script>alert(1)</script>.txt': "script.txt",
    "; rm -rf ~ #.txt": "rm -rf.txt",
    "$(id)`id`.txt": "idid.txt",
    "記事　１.txt": "記事 １.txt",
    "a" * 10_000 + ".txt": "a" * 75 + ".txt",
}
"""Names as sent -> labels."""

SCENARIO = (
    "version: 1\nname: x\nshocks:\n  - {id: a, kind: export_ban, suppliers: CHN, products: ['284690']}\n"
)
SCENARIOS = {
    "aliases": ("yaml_alias", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b, *b]\n" + SCENARIO),
    "laughs": (
        "yaml_alias",
        "a0: &a0 ha\n" + "".join(f"a{n + 1}: &a{n + 1} [{f'*a{n},' * 10}]\n" for n in range(20)) + SCENARIO,
    ),
    "object": ("yaml_tag", SCENARIO + "x: !!python/object/apply:os.system ['touch /tmp/harmed']\n"),
    "name": ("yaml_tag", "!!python/name:os.system\n" + SCENARIO),
    "binary": ("yaml_tag", SCENARIO + "description: !!binary aGk=\n"),
    "deep": ("yaml_too_deep", SCENARIO + "x: " + "[" * 50_000 + "]" * 50_000 + "\n"),
    "deep keys": ("yaml_too_deep", SCENARIO + "x: " + "{a: " * 20_000 + "1" + "}" * 20_000 + "\n"),
    "twice": ("repeated_key", SCENARIO + "name: y\n"),
    "documents": ("not_yaml", SCENARIO + "---\n" + SCENARIO),
    "large": ("scenario_too_large", SCENARIO + "description: " + "x" * 300_000 + "\n"),
    "digits": (
        "bad_scenario",
        SCENARIO.replace("version: 1", "version: 1") + "months: " + "9" * 100_000 + "\n",
    ),
    "nul": ("not_text", SCENARIO + "description: a\0b\n"),
    "absolute": ("bad_extends", SCENARIO + "extends: /etc/passwd\n"),
    "absolute yaml": ("bad_extends", SCENARIO + "extends: /etc/hosts.yaml\n"),
    "climbing": ("bad_extends", SCENARIO + "extends: ../../etc/passwd\n"),
    "climbing yaml": ("bad_extends", SCENARIO + "extends: ../../secret.yaml\n"),
    "merge": ("yaml_alias", "b: &b {version: 1}\n" + SCENARIO + "x:\n  <<: *b\n"),
}
"""Texts of scenarios -> the code of their refusal, or of a longer list of problems."""
