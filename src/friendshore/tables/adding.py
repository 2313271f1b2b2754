"""Import of a user's files into a store: read, check, sort, clean, and swap in one step."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from friendshore.errors import DataError, OutputError
from friendshore.records import Note, Record, Source
from friendshore.tables.assembly import refuse_too_many_products
from friendshore.tables.cleaning import REACH
from friendshore.tables.readers.batches import Input
from friendshore.tables.readers.inputs import default_name, inputs
from friendshore.tables.refusing import Reason, Refused
from friendshore.tables.revisions import agreed, revision
from friendshore.tables.small_tables import unique, with_lines, write_merged
from friendshore.tables.staging import Staging, unpacked
from friendshore.tables.store import manifest
from friendshore.tables.store_writing import kept_file, write_manifest, write_trade, year_path
from friendshore.tables.versions import replacing, store_folder, version_in_force

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["AddReport", "Shown", "add"]

Shown: TypeAlias = Callable[[float, Note], None]
"""Told how much of the import is done (0 to 1) and what is being done."""
READING, SORTING = 0.6, 0.7
"""Parts of the work that end with reading and with finding doubles; the rest is writing."""


class AddReport(Record):
    """What an import did."""

    name: str
    hs: str
    where: str
    """Folder of the store."""
    read: int
    """Rows read."""
    kept: int
    refused: int
    merged: int = 0
    """Of the kept rows, those summed into another because their countries are one today."""
    reasons: tuple[Reason, ...] = ()
    refused_file: str = ""
    """CSV file of the refused rows with line and reason, empty where none was refused."""
    years: tuple[int, ...] = ()
    """Years with trade that the files hold."""
    replaced: tuple[int, ...] = ()
    """Those of them that the store held before, in whole or for the same products."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Before:
    """The version of the store that an import starts from."""

    folder: Path | None
    manifest: Mapping[str, Any]

    @property
    def years(self) -> tuple[int, ...]:
        """Years with trade."""
        return tuple(self.manifest.get("years", ()))


def add(path: str | Path, *, name: str = "", hs: str = "", progress: Shown | None = None) -> AddReport:
    """Import a BACI file or a user's own table into a named store of the data home.

    What the store held for other years stays. A BACI file replaces its whole year; an own trade table
    replaces the products of a year that it names; production and governance rows replace rows of the same
    key.

    Parameters
    ----------
    path
        A BACI zip or CSV file; a CSV, Parquet or XLSX file with the columns of the data dictionary (trade,
        production or governance); or a folder of such files.
    name
        Name of the store; by default BACI's revision and release, or the file's name.
    hs
        HS revision of the codes, needed only where the files do not state it (then HS92 is taken, with a
        note).
    progress
        Called now and then with the part done (0 to 1) and what is being done.

    Returns
    -------
    AddReport
        Rows read, refused (with reasons and the file that lists them) and kept.

    Raises
    ------
    DataError
        Where the file cannot be read, states another HS revision, or has no good row. The store is as it
        was.
    OutputError
        Where the disk is full or cannot be written to, or another import is at work. The store is as it
        was.
    """
    source = Path(path)
    found = inputs(source)
    name = name or default_name(source, found)
    store = store_folder(name)
    given = revision(hs)
    shown = progress or (lambda _part, _text: None)
    with ours(store), replacing(store) as incoming:
        folder = version_in_force(store)
        before = Before(folder, manifest(folder) if folder else {})
        chosen, notes = agreed(given, found, before.manifest.get("hs", ""), name)
        with Refused(store / f"refused-{default_name(source, found)}.csv") as refused:
            job = Job(found, before, incoming, refused, shown)
            read, kept, years, replaced = job.run()
        sources = {entry["id"]: Source(**entry) for entry in before.manifest.get("sources", ())}
        sources |= {one.source.id: one.source for one in found}
        old = before.manifest.get("sha256", {})
        hashes = {inside: old[inside] for inside in job.taken_over if inside in old}
        write_manifest(incoming, name=name, hs=chosen, sources=list(sources.values()), hashes=hashes)
    shown(1.0, Note(template="done"))
    return AddReport(
        name=name, hs=chosen, where=str(store), read=read, kept=kept, refused=refused.total, merged=job.merged,
        reasons=refused.reasons(), refused_file=str(refused.path) if refused.total else "", years=years,
        replaced=replaced, notes=(*notes, *renamings(job.renamed)),
    )  # fmt: skip


def renamings(counts: Mapping[str, int]) -> Iterator[Note]:
    """Say which country codes were replaced."""
    from friendshore.tables.countries import merged_codes

    for code, count in sorted(counts.items()):
        yield Note(
            template="{count} rows name {code}, BACI's own code, and were taken as {today}.",
            values={"count": count, "code": code, "today": merged_codes()[code]},
        )


@contextlib.contextmanager
def ours(store: Path) -> Iterator[None]:
    """Tell failures of the database while it writes to the disk as ours."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as problem:
        raise OutputError(
            f"{store} cannot be written: {str(problem).splitlines()[0][:200]}. Nothing was changed.",
            code="disk_full",
            hint="Free some space, or choose another place: set FRIENDSHORE_DATA to a folder.",
        ) from problem


class Job:
    """One import on its way: reads the inputs and fills the incoming folder."""

    def __init__(
        self, found: Sequence[Input], before: Before, incoming: Path, refused: Refused, shown: Shown
    ) -> None:
        self.inputs, self.before, self.incoming = found, before, incoming
        self.refused, self.shown = refused, shown
        self.size, self.done = max(sum(one.size for one in found), 1), 0
        self.merged = 0
        self.renamed: Counter[str] = Counter()
        self.taken_over: list[str] = []
        self.small: dict[str, list[pa.Table]] = {}

    def run(self) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """Read, check and write; give rows read and kept, years, and years replaced."""
        from friendshore.tables.countries import countries

        staging = Staging(self.incoming, sorted(countries()))
        try:
            read = sum(self.take_in(part, one, staging) for part, one in enumerate(self.inputs))
            self.shown(READING, Note(template="looking for repeated rows"))
            self.refuse_doubles(staging)
            years = staging.years()
            kept = sum(years.values())
            small = {table: unique(table, parts, self.refused) for table, parts in self.small.items()}
            kept += sum(table.num_rows for table in small.values())
            self.refuse_nothing_left(read, kept, years)
            mixed = self.renamed or any(one.whole_years for one in self.inputs)
            self.merged = staging.merged() if mixed else 0
            replaced = tuple(year for year in years if year in self.before.years)
            self.write(staging, tuple(years))
        finally:
            staging.close()
        for table in ("production", "governance"):
            self.write_small(table, small.get(table))
        return read, kept, tuple(years), replaced

    def take_in(self, part: int, one: Input, staging: Staging) -> int:
        """Read one input; give the number of rows read."""
        text = Note(template="reading {file}", values={"file": one.file})

        def told(count: int) -> None:
            self.done += count
            self.shown(min(READING, READING * self.done / self.size), text)

        read = 0
        for batch in one.batches(told):
            read += batch.typed.num_rows + len(batch.odd)
            good = self.refused.sift(batch, one.file)
            self.renamed.update(batch.renamed)
            typed, lines, merging = batch.typed, batch.lines, batch.before_merging
            if not good.all():
                import pyarrow as pa

                typed, lines = typed.filter(pa.array(good)), lines[good]
                merging = None if merging is None else merging[good]
            if one.table == "trade":
                staging.lay(typed, part=part, lines=lines, merging=merging)
            else:
                self.small.setdefault(one.table, []).append(with_lines(typed, lines, one.file))
        return read

    def refuse_doubles(self, staging: Staging) -> None:
        """Refuse all rows that share a key: which one is right cannot be known."""
        for key, part, line in staging.take_doubles():
            product, year, importer, exporter = (int(v) for v in unpacked(np.array(key)))
            row = f"{year},{staging.countries[exporter]},{staging.countries[importer]},{product:06d}"
            self.refused.add(
                "duplicate_rows", "year exporter importer product", file=self.inputs[part].file, line=line,
                reason="each year, exporter, importer and product once; another row has the same", row=row,
            )  # fmt: skip

    def refuse_nothing_left(self, read: int, kept: int, years: Mapping[int, int]) -> None:
        """Refuse an import without a good row, and one that leaves a store without trade."""
        if not kept:
            raise DataError(
                f"No row can be imported: {read:,} read, {self.refused.total:,} refused.",
                code="nothing_imported",
                hint=f"See the reasons in {self.refused.path}."
                if self.refused.total
                else "Give a file with rows.",
                rows=self.refused.first,
            )
        if not years and not self.before.years:
            raise DataError(
                "A data set begins with its trade table; there is none yet.",
                code="no_trade",
                hint="Import the trade first, then this file under the same --name.",
            )

    def write(self, staging: Staging, new: tuple[int, ...]) -> None:
        """Write the years that change and take the others over."""
        near = {year + step for year in new for step in range(-REACH, REACH + 1)}
        context = {year + step for year in near for step in range(-REACH, REACH + 1)}
        for year in self.before.years:
            if year in context:
                self.lay_old(staging, year, year in new)
        refuse_too_many_products(staging.product_count(), self.inputs[0].file)
        changed = [year for year in sorted({*new, *self.before.years}) if year in near]
        total, done = max(sum(staging.years().values()), 1), 0

        def counted() -> Iterator[Any]:
            nonlocal done
            for rows in staging.chunks():
                yield rows
                done += len(rows.year)
                part = SORTING + (0.99 - SORTING) * done / total
                self.shown(part, Note(template="cleaning quantities and writing"))

        self.shown(SORTING, Note(template="sorting"))
        (self.incoming / "trade").mkdir()
        write_trade(counted(), self.incoming, changed, staging.countries)
        for year in self.before.years:
            if year not in changed and self.before.folder:
                self.take_over(f"trade/{year}.parquet")

    def take_over(self, inside: str) -> None:
        """Keep a file of the version before."""
        if self.before.folder and (self.before.folder / inside).exists():
            kept_file(self.before.folder / inside, self.incoming / inside)
            self.taken_over.append(inside)

    def lay_old(self, staging: Staging, year: int, renewed: bool) -> None:
        """Lay down the rows that the store holds of a year, those that the import replaces aside."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        if self.before.folder is None:
            return
        if renewed and any(one.whole_years for one in self.inputs):
            return
        new = pa.array(sorted(staging.products(year)) if renewed else [], pa.string())
        with pq.ParquetFile(year_path(self.before.folder, year)) as file:
            for batch in file.iter_batches(
                1 << 18, columns=["product", "importer", "exporter", "value_usd", "quantity_t"]
            ):
                rows = pa.Table.from_batches([batch])
                rows = rows.filter(pc.invert(pc.is_in(rows.column("product"), value_set=new)))
                rows = rows.append_column("year", pa.array(np.full(rows.num_rows, year, np.int64)))
                staging.lay(rows, part=-1, lines=np.zeros(rows.num_rows, np.int64))

    def write_small(self, table: str, new: pa.Table | None) -> None:
        """Write production or governance, or take the old file over."""
        inside = f"{table}.parquet"
        if new is None:
            self.take_over(inside)
        else:
            write_merged(
                table,
                new,
                self.before.folder / inside if self.before.folder else None,
                self.incoming / inside,
            )
