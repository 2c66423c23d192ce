"""What a model is evaluated on: lines with their reference, and a glossary, from people's files."""

from dataclasses import dataclass
from pathlib import Path

from digest.terms import Glossary, Term, TermError, check, parse_renderings


class ExampleError(Exception):
    """A file is not as it must be; the message says where and how."""


@dataclass(frozen=True, slots=True)
class Example:
    """A line as arXiv would announce it (TeX), and its translation by a person."""

    source: str
    reference: str


def read_examples(source: Path, reference: Path | None = None) -> list[Example]:
    """The examples of two files of equally many lines, or of one with a tab between the two.

    Lines that are empty in both are left out. Raises ExampleError.
    """
    lines = _lines(source)
    if reference is None:
        rows = [_columns(line, source, number) for number, line in enumerate(lines, start=1)]
    else:
        others = _lines(reference)
        if len(lines) != len(others):
            raise ExampleError(
                f"{source} has {len(lines)} lines and {reference} has {len(others)}: "
                "each line of one must be the translation of the same line of the other."
            )
        rows = list(zip(lines, others, strict=True))
    rows = [(one.strip(), other.strip()) for one, other in rows]
    for number, (one, other) in enumerate(rows, start=1):
        if bool(one) != bool(other):
            raise ExampleError(f"Line {number}: the {'reference' if one else 'source'} is empty.")
    examples = [Example(one, other) for one, other in rows if one]
    if not examples:
        raise ExampleError(f"{source} is empty.")
    return examples


def _lines(path: Path) -> list[str]:
    """The lines of a text file. Only a newline ends one: `splitlines` would cut at U+2028 as well."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExampleError(f"{path} is not UTF-8 (at byte {error.start}).") from error
    except OSError as error:
        raise ExampleError(f"{path}: {error.strerror}.") from error
    return text.removesuffix("\n").split("\n") if text else []


def _columns(line: str, path: Path, number: int) -> tuple[str, str]:
    cells = line.split("\t") if line.strip() else ["", ""]
    if len(cells) != 2:
        raise ExampleError(
            f"{path}, line {number}: {len(cells)} column(s). Without --reference each line must be "
            "source, tab, reference."
        )
    return cells[0], cells[1]


def read_glossary(path: Path) -> Glossary:
    """A glossary in the form of those that Paperglot ships: term, tab, renderings (`策略|政策`, or `=`), and if
    need be a tab and a field. Raises ExampleError."""
    terms = []
    for number, line in enumerate(_lines(path), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[:2] == ["term", "renderings"] or not line.strip():
            continue
        if len(cells) not in (2, 3) or not cells[0] or not cells[1]:
            raise ExampleError(f"{path}, line {number}: not a term, a tab and its renderings.")
        try:
            check(cells[0], cells[1])
        except TermError as error:
            raise ExampleError(f"{path}, line {number}: {error}") from error
        terms.append(Term(cells[0], parse_renderings(cells[1]), *cells[2:]))
    if not terms:
        raise ExampleError(f"{path} has no term.")
    return Glossary(terms)
