"""Rows become pictures: a reader's digest, a paper's page, what a file of papers holds."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Prefetch

from digest import tex
from digest.keywords import Matcher, Record
from digest.models import (
    Digest,
    Entry,
    GlossaryTerm,
    Installation,
    Keyword,
    Match,
    PaperVersion,
    Segment,
    Translation,
    User,
)
from digest.picture import (
    DigestPicture,
    GroupPicture,
    Matched,
    PaperPicture,
    SentencePicture,
    State,
    TermPicture,
)
from digest.terms import Term, compiled, forms, parse_renderings

_SEGMENT = ("translation", "field", "paragraph", "order", "source", "text", "sentence")


def digest_picture(digest: Digest) -> DigestPicture:
    """A reader's digest, with as many queries whatever its size."""
    sections = list(digest.sections.all())
    entries = digest.entries.select_related("version__paper", "section")
    pictures = entry_pictures(entries, digest.language, {s.keyword_id: s.label for s in sections})
    under: dict[int, list[PaperPicture]] = {section.pk: [] for section in sections}
    for picture in pictures:
        under[picture.entry.section_id].append(picture)
    models = sorted({picture.model for picture in pictures if picture.model})
    return DigestPicture(
        announced=digest.day,
        generated_at=digest.changed_at,
        language=digest.language,
        model=", ".join(models),
        groups=tuple(GroupPicture(section.label, tuple(under[section.pk])) for section in sections),
        proof=tuple(digest.proof),
    )


def entry_pictures(entries: Iterable[Entry], language: str, labels: dict[int, str]) -> list[PaperPicture]:
    """Entries as pictures; `labels` names the keywords (by id) that are the reader's."""
    rows = list(entries)
    versions = [entry.version_id for entry in rows]
    translations = translations_of(versions, language)
    matches = matches_of(versions, labels)
    matcher = matcher_of(labels, language)
    return [
        paper_picture(
            entry.version,
            entry.announce_type,
            translations.get(entry.version_id),
            tuple(matches.get(entry.version_id, ())),
            matcher,
            entry,
        )
        for entry in rows
    ]


def newest_pictures(user: User, papers: Sequence[int]) -> dict[int, PaperPicture]:
    """Papers (by id) by their newest versions, in the reader's language, with the reader's keywords."""
    rows = PaperVersion.objects.filter(paper__in=papers).select_related("paper").order_by("number")
    return version_pictures(user, {row.paper_id: row for row in rows}.values())


def version_pictures(user: User, versions: Iterable[PaperVersion]) -> dict[int, PaperPicture]:
    """Versions (one a paper, with it) by their paper, in the reader's language, with the reader's keywords."""
    rows = {row.paper_id: row for row in versions}
    keys, labels = [row.pk for row in rows.values()], labels_of(user)
    translations = translations_of(keys, user.content_language)
    matches, matcher = matches_of(keys, labels), matcher_of(labels, user.content_language)
    return {
        paper: paper_picture(row, "", translations.get(row.pk), tuple(matches.get(row.pk, ())), matcher)
        for paper, row in rows.items()
    }


def translations_of(
    versions: Sequence[int], language: str, model: str | None = None
) -> dict[int, Translation]:
    """Finished translations by version, with their segments: those of `model` (a name, or an identity),
    or of the model in use, else of the one before it."""
    preferred = Installation.current().model if model is None else model
    rows = (
        Translation.objects.filter(version__in=versions, language=language)
        .exclude(finished_at=None)
        .order_by("finished_at")
        .prefetch_related(
            Prefetch(
                "segments",
                Segment.objects.select_related("sentence")
                .only("sentence__verdict", *_SEGMENT)
                .order_by("field", "order"),
            )
        )
    )
    best: dict[int, Translation] = {}
    for row in rows:
        known = best.get(row.version_id)
        if known is None or _of(row, preferred) or not _of(known, preferred):
            best[row.version_id] = row
    return best


def _of(translation: Translation, model: str) -> bool:
    return translation.model == model or translation.model.partition("#")[0] == model


def matches_of(versions: Sequence[int], labels: dict[int, str]) -> dict[int, list[Matched]]:
    found: dict[int, list[Matched]] = {}
    order = {keyword: place for place, keyword in enumerate(labels)}
    rows = Match.objects.filter(version__in=versions, keyword__in=labels)
    for row in sorted(rows, key=lambda row: order[row.keyword_id]):
        label = labels[row.keyword_id]
        found.setdefault(row.version_id, []).extend(
            Matched(label, span["field"], span["start"], span["end"]) for span in row.spans
        )
    return found


def matcher_of(keywords: Iterable[int], language: str = "") -> Matcher:
    """Finds these keywords (by id), whatever their readers call them; in translations into a language by the
    renderings of its glossary."""
    rules = list(Keyword.objects.filter(pk__in=keywords).values_list("canonical", flat=True))
    return Matcher(rules, _renderings(language) if rules and language else None)


def _renderings(language: str) -> dict[str, tuple[str, ...]]:
    """By canonical form, the accepted renderings of a language's terms."""
    rows = GlossaryTerm.objects.filter(language=language, active=True).order_by()
    return glossary_forms(tuple(rows.values_list("term", "renderings")))


@lru_cache(maxsize=4)
def glossary_forms(rows: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    """Kept while the glossary is the same: it has thousands of terms."""
    return {form: parse_renderings(renderings) for term, renderings in rows for form in forms(term)[:1]}


def paper_picture(
    version: PaperVersion,
    announce_type: str,
    translation: Translation | None,
    matched: tuple[Matched, ...] = (),
    matcher: Matcher | None = None,
    entry: Entry | None = None,
) -> PaperPicture:
    record = Record(version.title, version.abstract, version.paper.authors, version.paper.categories)
    return PaperPicture(
        arxiv_id=version.paper.arxiv_id,
        version=version.number,
        announce_type=announce_type,
        title=version.title,
        abstract=version.abstract,
        authors=tuple(version.paper.authors),
        categories=tuple(version.paper.categories),
        translation=_state(translation),
        title_translated=_title(translation),
        abstract_translated=_abstract(translation),
        model=translation.model if translation else "",
        language=translation.language if translation else "",
        matched=matched,
        sentences=_sentences(translation),
        title_segment=_title_segment(translation),
        matcher=matcher.within(record) if matcher else None,
        entry=entry,
        first_translated_at=translation.first_finished_at if translation else None,
        withdrawn=version.paper.withdrawn,
        comments=version.paper.comments,
    )


def _state(translation: Translation | None) -> State:
    if translation and translation.state == Translation.State.COMPLETE:
        return "complete"
    if translation and translation.state == Translation.State.PARTIAL:
        return "partial"
    return "none"


def _title(translation: Translation | None) -> str:
    """The translated title; empty where it stayed in English."""
    if translation is None:
        return ""
    told = [s.text for s in translation.segments.all() if s.field == "title"]
    return translation.title if told and all(told) else ""


def _title_segment(translation: Translation | None) -> int:
    """The row of the title; 0 where there is nothing to translate in it."""
    rows = translation.segments.all() if translation else ()
    return next((s.pk for s in rows if s.field == "title" and s.sentence_id), 0)


def _abstract(translation: Translation | None) -> str:
    """The translated abstract; empty where none of its sentences has a translation."""
    if translation is None:
        return ""
    told = [s.text for s in translation.segments.all() if s.field == "abstract" and s.sentence_id]
    return translation.abstract if any(told) else ""


def _sentences(translation: Translation | None) -> tuple[SentencePicture, ...]:
    if translation is None:
        return ()
    return tuple(
        SentencePicture(
            segment.paragraph,
            segment.source,
            segment.text,
            segment.pk if segment.sentence_id else 0,
            segment.sentence.verdict if segment.sentence else "",
        )
        for segment in translation.segments.all()
        if segment.field == "abstract"
    )


def terms_of(picture: PaperPicture) -> list[TermPicture]:
    """The terms of the glossary that stand in a translated paper, each once, in the order of their coming."""
    if picture.translation == "none":
        return []
    rows = GlossaryTerm.objects.filter(language=picture.language, active=True)
    glossary = compiled(tuple(Term(row.term, parse_renderings(row.renderings), row.field) for row in rows))
    text = f"{tex.readable(picture.title)}\n{tex.readable(picture.abstract)}"
    shown = f"{picture.title_translated}\n{picture.abstract_translated}"
    found = dict.fromkeys(hit.term for hit in glossary.find(text))
    return [TermPicture(term.text, term.rendered_in(shown), term.preferred) for term in found]


def labels_of(user: User) -> dict[int, str]:
    """The reader's keywords now, by id, in their order."""
    return {s.keyword_id: s.label for s in user.subscriptions.bringing()}
