"""The independent checker: what is stored and published against what was served, heard and computed.

It knows the tables by their names and shares no code with the product: its own matcher, its own reckoning of who is
to get what. Each check returns sentences, one for each violation.
"""

import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import psycopg

from tests.chaos.days import Day, Reader
from tests.chaos.expected import matched, signature, wanted
from tests.chaos.sinks import Heard

Database = psycopg.Connection[Any]
LATE = timedelta(hours=6)
"""After the feeds have turned a digest comes out with what there is."""


@dataclass(frozen=True)
class Disturbed:
    """A time (monotonic seconds) in which some processes may have lost what they had in hand; `*` is all."""

    began: float
    ended: float
    touched: frozenset[str]


@dataclass
class Record:
    """What is known from outside the system."""

    days: list[Day]
    readers: tuple[Reader, ...]
    mails: list[Heard] = field(default_factory=list)
    posts: list[Heard] = field(default_factory=list)
    engine: list[dict[str, Any]] = field(default_factory=list)
    disturbed: list[Disturbed] = field(default_factory=list)
    feeds: dict[str, bytes] = field(default_factory=dict)
    skewed: set[date] = field(default_factory=set)
    """Days on which some clock was wrong: what was stamped then may be out of order."""


@dataclass
class Findings:
    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def check(database: Database, record: Record) -> Findings:
    """Everything, as it is to be once the days have settled."""
    found = Findings()
    for one in CHECKS:
        found.violations += one(database, record, found.counts)
    return found


# --- papers -----------------------------------------------------------------------------------


def papers(database: Database, record: Record, counts: Counter[str]) -> list[str]:
    """Every paper, version and listing once, with the text that was served, and none besides."""
    said = []
    versions = {
        (p.arxiv_id, p.version): p for day in record.days for rows in day.listings.values() for p in rows
    }
    rows = database.execute("""SELECT p.arxiv_id, v.number, v.title, v.abstract, v.matched_at, v.indexed_at
                               FROM digest_paper p LEFT JOIN digest_paperversion v ON v.paper_id = p.id""").fetchall()
    said += _same("paper version", versions, ((row[0], row[1]) for row in rows))
    for arxiv_id, number, title, abstract, when, indexed in rows:
        served = versions.get((arxiv_id, number))
        if served and (title, abstract) != (served.title, served.abstract):
            said.append(f"{arxiv_id}v{number} has another text than was served")
        if when is None or indexed is None:
            said.append(f"{arxiv_id}v{number} is not {'matched' if when is None else 'indexed'}")
    ids = [row[0] for row in database.execute("SELECT arxiv_id FROM digest_paper")]
    said += [f"paper {key} is stored {n} times" for key, n in Counter(ids).items() if n > 1]
    counts["papers"], counts["versions"] = len(ids), len(rows)
    return said


def announcements(database: Database, record: Record, counts: Counter[str]) -> list[str]:
    said = []
    served = {(day.date, code, p.arxiv_id, p.version, p.kind) for day in record.days
              for code, rows in day.listings.items() for p in rows}  # fmt: skip
    first, last = record.days[0].date, record.days[-1].date
    rows = database.execute("""SELECT a.day, c.code, p.arxiv_id, v.number, l.announce_type FROM digest_listing l
        JOIN digest_announcement a ON a.id = l.announcement_id JOIN digest_category c ON c.id = a.category_id
        JOIN digest_paper p ON p.id = l.paper_id JOIN digest_paperversion v ON v.id = l.version_id""").fetchall()
    said += _same("listing", served, rows)
    states = {(row[0], row[1]): row[2:] for row in database.execute(
        """SELECT a.day, c.code, a.state, a.declared, a.stored FROM digest_announcement a
           JOIN digest_category c ON c.id = a.category_id WHERE a.day BETWEEN %s AND %s""", [first, last])}  # fmt: skip
    for day in record.days:
        for code, listed in day.listings.items():
            state = states.pop((day.date, code), None)
            if state is None or state[0] != "complete" or (listed and state[1:] != (len(listed),) * 2):
                said.append(f"{code} {day.date} is {state}, and {len(listed)} were served")
    said += [f"{code} {day} is {state}, and nothing was announced" for (day, code), state in states.items()
             if state[2]]  # fmt: skip
    counts["listings"] = len(rows)
    return said


def matches(database: Database, record: Record, counts: Counter[str]) -> list[str]:
    versions = {
        (p.arxiv_id, p.version): p for day in record.days for rows in day.listings.values() for p in rows
    }
    due = {(key, version, word) for (key, version), paper in versions.items() for word in matched(paper)}
    rows = database.execute("""SELECT p.arxiv_id, v.number, k.canonical FROM digest_match m
        JOIN digest_paperversion v ON v.id = m.version_id JOIN digest_paper p ON p.id = v.paper_id
        JOIN digest_keyword k ON k.id = m.keyword_id""").fetchall()
    counts["matches"] = len(rows)
    return _same("match", due, rows)


# --- sentences --------------------------------------------------------------------------------


def sentences(database: Database, _record: Record, counts: Counter[str]) -> list[str]:
    said = []
    rows = database.execute("""SELECT key, source, text, verdict, language, model, finished_at, again_at, attempts
                               FROM digest_sentence""").fetchall()
    for key, source, text, verdict, _, _, finished, again, attempts in rows:
        if finished is None or again is not None:
            said.append(f"sentence {source!r} is not finished")
        elif verdict == "crash":
            counts["sentences set aside"] += 1
            said.append(
                f"sentence {source!r} was set aside after {attempts} attempts: a fault is not its fault"
            )
        elif verdict != "ok":
            said.append(f"sentence {source!r} was refused: {verdict}")
        elif signature(source) not in text:
            said.append(f"sentence {source!r} has another one's translation: {text!r}")
        if hashlib.sha256(source.encode()).hexdigest() != key:
            said.append(f"sentence {source!r} stands under another key")
    twice = Counter((row[0], row[4], row[5]) for row in rows)
    said += [f"sentence {key[0][:12]} stands {n} times in the memory" for key, n in twice.items() if n > 1]
    counts["sentences"] = len(rows)
    return said


def translations(database: Database, record: Record, counts: Counter[str]) -> list[str]:
    """Put together from the segments of its own text, each with its own sentence."""
    said = []
    segments: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in database.execute("""SELECT g.translation_id, g.field, g.source, g.held, g.text, s.source
            FROM digest_segment g LEFT JOIN digest_sentence s ON s.id = g.sentence_id
            ORDER BY g.translation_id, g.field, g."order" """):  # fmt: skip
        segments[row[0]].append(row[1:])
    rows = database.execute("""SELECT t.id, p.arxiv_id, v.number, v.title, v.abstract, t.title, t.abstract, t.state,
        t.finished_at, t.language FROM digest_translation t JOIN digest_paperversion v ON v.id = t.version_id
        JOIN digest_paper p ON p.id = v.paper_id""").fetchall()
    for key, arxiv_id, number, title, abstract, its_title, its_abstract, state, finished, _ in rows:
        name = f"translation of {arxiv_id}v{number}"
        if finished is None or state != "complete":
            said.append(f"{name} is {state or 'not finished'}")
            continue
        for part, original, own in (("title", title, its_title), ("abstract", abstract, its_abstract)):
            said += [f"{name}: {wrong}" for wrong in _put_together(segments[key], part, original, own)]
    twice = Counter((row[1], row[2], row[9]) for row in rows)
    said += [f"{key} has {n} translations" for key, n in twice.items() if n > 1]
    there = {(row[1], row[2]) for row in rows}
    for reader in record.readers:
        for day, brought in wanted(record.days, reader).items():
            said += [
                f"{key} of {reader.name}'s {day} has no translation"
                for key in brought.items()
                if key not in there
            ]
    counts["translations"] = len(rows)
    return said


def _put_together(segments: list[tuple[Any, ...]], part: str, original: str, own: str) -> Iterable[str]:
    mine = [row for row in segments if row[0] == part]
    if _bare("".join(row[1] for row in mine)) != _bare(original):
        yield f"its {part} is cut from another text"
    place = 0
    for _, source, held, text, sentence in mine:
        if sentence is not None:
            restored = re.sub(r"<v(\d+)>", lambda found, held=held: held[int(found[1])], sentence)  # type: ignore[misc]
            if restored != source:
                yield f"{source!r} hangs on the sentence {sentence!r}"
            if signature(sentence) not in text:
                yield f"{source!r} is rendered as {text!r}"
        found = _bare(own).find(_bare(text), place)
        if found < 0:
            yield f"{text!r} is not in its {part}"
        place = max(found, 0) + len(_bare(text))


def computed_once(_database: Database, record: Record, counts: Counter[str]) -> list[str]:
    """Nothing is translated twice, but for what was in hand of a process that a fault has touched."""
    said = []
    before: dict[str, tuple[float, str]] = {}
    for line in record.engine:
        if "begins" not in line or not line["first"]:
            continue
        lost = again = 0
        for key in line["keys"]:
            counts["sentences computed"] += 1
            if key in before:
                again += 1
                begun, name = before[key]
                lost += not _explained(record, begun, line["begins"], name)
            before[key] = (line["begins"], line["name"])
        counts["sentences computed again"] += again
        if lost:
            said.append(f"{lost} sentences were translated twice, and no lease was lost ({line['name']}, "
                        f"{line['begins']:.1f})")  # fmt: skip
    return said


def _explained(record: Record, since: float, until: float, *names: str) -> bool:
    touched = {*names, "*"}
    return any(d.began <= until and d.ended >= since and d.touched & touched for d in record.disturbed)


# --- digests ----------------------------------------------------------------------------------


def digests(database: Database, record: Record, counts: Counter[str]) -> list[str]:
    """Each reader's digest of each day once, with what they are to get, once; late only where it may be."""
    said = []
    due = {(r.name, day.date) for r in record.readers for day in record.days}
    rows = database.execute("""SELECT u.username, d.day, d.published_at FROM digest_digest d
                               JOIN digest_user u ON u.id = d.user_id""").fetchall()
    said += _same("digest", due, (row[:2] for row in rows))
    published = {row[:2]: row[2] for row in rows}
    entries: dict[tuple[str, date], list[tuple[str, int, Any]]] = defaultdict(list)
    for name, day, arxiv_id, number, added in database.execute("""SELECT u.username, d.day, p.arxiv_id, v.number,
            e.added_at FROM digest_entry e JOIN digest_digest d ON d.id = e.digest_id
            JOIN digest_user u ON u.id = d.user_id JOIN digest_paper p ON p.id = e.paper_id
            JOIN digest_paperversion v ON v.id = e.version_id"""):  # fmt: skip
        entries[name, day].append((arxiv_id, number, added))
        counts["entries"] += 1
    turns = {day.date: day.turns for day in record.days}
    for reader in record.readers:
        for day, brought in wanted(record.days, reader).items():
            name, here = f"{reader.name}'s digest of {day}", entries.pop((reader.name, day), [])
            said += [
                f"{name}: {wrong}" for wrong in _same("entry", brought.items(), (row[:2] for row in here))
            ]
            out = published.get((reader.name, day))
            early = out and out < turns[day] + LATE
            if early and day not in record.skewed and any(added > out for _, _, added in here):
                said.append(f"{name} was published before all was in, and not late")
    said += [f"{name}'s digest of {day} is of nothing that was announced" for name, day in entries]
    counts["digests"] = len(rows)
    return said


def feeds(_database: Database, record: Record, _counts: Counter[str]) -> list[str]:
    """The web's feeds have every paper of the last days, once."""
    said = []
    for reader in record.readers:
        document = record.feeds.get(reader.name, b"").decode(errors="replace")
        ids = re.findall(r"<id>(tag:[^<]+)</id>", document)
        said += [f"{reader.name}'s feed has {key} {n} times" for key, n in Counter(ids).items() if n > 1]
        last = record.days[-1].date
        there = {re.split(r"v\d+$", key.rpartition("/")[2])[0] for key in ids}
        for arxiv_id in wanted(record.days, reader)[last]:
            if arxiv_id not in there:
                said.append(f"{reader.name}'s feed lacks {arxiv_id} of {last}")
    return said


# --- deliveries -------------------------------------------------------------------------------


def deliveries(database: Database, record: Record, counts: Counter[str]) -> list[str]:
    """Each digest that has papers through each channel once; again only under its key, and after a fault."""
    said = []
    rows = database.execute("""SELECT x.key, x.state, x.again, x.day, u.username, c.kind, c.address, d.published_at
        FROM digest_delivery x JOIN digest_channel c ON c.id = x.channel_id JOIN digest_user u ON u.id = c.user_id
        LEFT JOIN digest_digest d ON d.user_id = u.id AND d.day = x.day WHERE x.kind = 'daily'""").fetchall()
    due = {(reader.name, kind, day) for reader in record.readers
           for kind in ("mail", "webhook") if reader.channel in (kind, "both")
           for day, brought in wanted(record.days, reader).items() if brought}  # fmt: skip
    said += _same("delivery", due, ((row[4], row[5], row[3]) for row in rows if row[1] == "sent"))
    heard: dict[str, list[Heard]] = defaultdict(list)
    for message in sorted([*record.mails, *record.posts], key=lambda message: message.at):
        heard[message.key].append(message)
    for key, state, again, day, name, kind, address, _ in rows:
        counts["deliveries"] += 1
        came = heard.pop(key, [])
        what = f"the {kind} to {name} of {day}"
        if state != "sent":
            said.append(f"{what} is {state}")
        elif not came:
            said.append(f"{what} is recorded as sent, and never arrived")
        said += [f"{what} went to {m.to}" for m in came if not address.endswith(m.to)]
        counts["messages heard"] += len(came)
        counts["messages sent again"] += max(len(came) - 1, 0)
        if len(came) - 1 > again:
            said.append(f"{what} arrived {len(came)} times and is counted as sent again {again} times")
        for first, second in pairwise(came):
            if not _explained(record, first.at - 2, second.at, "io1", "io2", "io-old", kind):
                said.append(f"{what} was sent again without a fault")
        said += [f"{what}: {wrong}" for wrong in _content(database, came[-1:], name, day)]
    said += [f"a message arrived under a key that nobody knows: {key}" for key in heard]
    return said


def _content(database: Database, came: list[Heard], name: str, day: date) -> Iterable[str]:
    query = """SELECT p.arxiv_id, e.added_at <= d.published_at FROM digest_entry e
        JOIN digest_digest d ON d.id = e.digest_id JOIN digest_user u ON u.id = d.user_id
        JOIN digest_paper p ON p.id = e.paper_id WHERE u.username = %s AND d.day = %s"""
    rows = database.execute(query, [name, day]).fetchall()
    for message in came:
        told = set(re.findall(r"arxiv\.org/abs/(\d+\.\d+)", message.body))
        if message.body.startswith("{") and json.loads(message.body)["day"] != day.isoformat():
            yield "its body is of another day"
        if lacks := {arxiv_id for arxiv_id, at_once in rows if at_once} - told:
            yield f"it lacks {sorted(lacks)}"
        if strange := told - {row[0] for row in rows}:
            yield f"it tells of {sorted(strange)}"


# --- what is left -----------------------------------------------------------------------------


def _held(database: Database) -> list[str]:
    """Turns that somebody has and keeps: idle translators take one for a moment at each bell."""

    def held() -> set[tuple[Any, ...]]:
        query = "SELECT name, holder FROM digest_slot WHERE holder IS NOT NULL"
        return set(database.execute(query).fetchall())

    first = held()
    if first:
        time.sleep(2)
    return [name for name, _holder in first and first & held()]


def nothing_hangs(database: Database, _record: Record, _counts: Counter[str]) -> list[str]:
    """No lease, no turn and no run is left once all is done."""
    said = []
    for table in ("category", "announcement", "sentence", "delivery", "download"):
        rows = database.execute(f"SELECT id FROM digest_{table} WHERE lease IS NOT NULL").fetchall()  # type: ignore[arg-type]
        said += [f"{table} {row[0]} is still leased" for row in rows]
    said += [f"the turn {name} is still held" for name in _held(database)]
    said += [f"a run of {row[0]} {row[1]} has not ended" for row in
             database.execute("SELECT verb, subject FROM digest_run WHERE ended_at IS NULL")]  # fmt: skip
    return said


def _same(what: str, due: Iterable[Any], there: Iterable[Any]) -> list[str]:
    """Every one that is due, once, and no other."""
    here, wants = Counter(there), set(due)
    return [
        *(f"{what} {_shown(one)} is lost" for one in wants - here.keys()),
        *(f"{what} {_shown(one)} is not one that should be" for one in here.keys() - wants),
        *(f"{what} {_shown(one)} is there {n} times" for one, n in here.items() if n > 1 and one in wants),
    ]


def _shown(one: Any) -> str:
    return " ".join(str(part) for part in one) if isinstance(one, tuple) else str(one)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


Check = Callable[[Database, Record, "Counter[str]"], list[str]]
CHECKS: tuple[Check, ...] = (papers, announcements, matches, sentences, translations, computed_once, digests, feeds,
                             deliveries, nothing_hangs)  # fmt: skip
