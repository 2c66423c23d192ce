"""NLLB-200 through CTranslate2 and SentencePiece, exactly as its converted models need it."""

import logging
import re
import threading
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from digest.languages import SOURCE_FLORES, Language
from digest.model_choices import SENTENCEPIECE
from worker.engine.batches import batches
from worker.engine.contract import (
    GREEDY,
    LONGEST_SOURCE,
    Decoding,
    EngineError,
    LanguageError,
    ModelError,
    Output,
    Settings,
)
from worker.engine.device import cores, ctranslate2, on_gpu
from worker.engine.folder import check_folder, model_name, positions, shown_as, vocabulary
from worker.engine.pieces import Pieces
from worker.engine.restriction import (
    SMALLEST_VOCABULARY,
    Removed,
    Restriction,
    candidates,
    restrictable,
    restricted_folder,
)
from worker.text.protection import FORMS

log = logging.getLogger("paperglot")
_LANGUAGE_CODE = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")
_REFIT_SHARE, _REFIT_COUNT = 0.03, 100
"""The vocabulary is fitted again when more of the sentences at hand than this have a piece it leaves out."""
_CHECKED_SHARE, _CHECKED_COUNT = 50, 16
"""After a fit one sentence of so many is translated without the restriction too, but not more than this: enough
to see a list that is wrong, at a fiftieth of the work. A rate is what worker/evaluation.py measures."""

_Answer = tuple[list[str], float]


class NLLB:
    """A converted NLLB-200, or any model of its layout.

    Nothing is added by CTranslate2: source language token and `</s>` are ours to put, the target
    language is a prefix for each sentence, and an unknown code would silently become `<unk>`, so
    codes are checked against the vocabulary.

    A small model is loaded at once; one whose vocabulary is worth restricting (SMALLEST_VOCABULARY) by `fit`,
    or else by the first translation, so that it is not loaded twice. Every loading may raise ModelError.
    """

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        check_folder(folder)
        self.folder, self.settings = folder, settings or Settings()
        self.name = model_name(folder)
        self.placeholder = FORMS[self.settings.placeholder] if self.settings.placeholder else shown_as(folder)
        tokens = vocabulary(folder)
        self.languages = frozenset(t for t in tokens if _LANGUAGE_CODE.fullmatch(t))
        if SOURCE_FLORES not in self.languages:
            raise ModelError(f"The model in {folder} has no {SOURCE_FLORES}: not an NLLB model.")
        try:
            self._pieces = Pieces(folder / SENTENCEPIECE, self.placeholder)
        except (RuntimeError, OSError) as error:
            raise self._broken(error) from error
        self._positions = positions(folder) or 2 * LONGEST_SOURCE
        self._gpu = on_gpu(self.settings.device)
        self.replicas = 1 if self._gpu else self.settings.threads or cores()
        self._restriction = Restriction()
        self._translator: Any = None
        self._lock = threading.RLock()
        self._large = len(tokens) >= SMALLEST_VOCABULARY
        if not self._large:
            self.load()

    # Loading

    def load(self) -> None:
        """Load the model, with its vocabulary restricted if `fit` has been asked to."""
        with self._lock:
            self._translator = None  # two at once would be twice the memory
            check_folder(self.folder)
            allowed = sorted(self._restriction.allowed)
            log.info("loading the model %s", self.name)
            try:
                with (
                    restricted_folder(self.folder, allowed) if allowed else nullcontext(self.folder) as folder
                ):
                    self._translator = ctranslate2().Translator(
                        str(folder),
                        device=self.settings.device,
                        compute_type=self.settings.compute_type,
                        inter_threads=self.replicas,
                        intra_threads=1,
                    )
            except (RuntimeError, ValueError, OSError, MemoryError) as error:
                raise self._broken(error) from error

    def unload(self) -> None:
        """Give the memory back; the next use loads the model again."""
        with self._lock:
            self._translator = None

    def _ready(self) -> tuple[Any, Restriction]:
        """The translator, and the restriction that it was loaded with."""
        with self._lock:
            if self._translator is None:
                self.load()
            return self._translator, self._restriction

    def _broken(self, error: Exception) -> ModelError:
        return ModelError(
            f"The model in {self.folder} can't be loaded: {error}. Look: manage.py model check {self.name}"
        )

    # Restricting

    def fit(self, sources: Sequence[str], languages: Sequence[Language]) -> None:
        """Restrict the target vocabulary to what these languages and sources need, and load the model so. It is
        loaded afterwards in any case, or ModelError is raised.

        Nothing is restricted where it would gain nothing (a GPU, a small vocabulary, Latin targets only), nor
        again where what is loaded fits. Sentences that it does not fit are translated unrestricted.
        """
        targets = [x for x in languages if restrictable(x) and x.flores in self.languages]
        if targets and self._large and not self._gpu and self._refitted(sources, targets):
            self._check(sources, targets)
        self._ready()

    def _refitted(self, sources: Sequence[str], targets: Sequence[Language]) -> bool:
        """Whether the vocabulary had to be restricted anew."""
        codes = frozenset(x.flores for x in targets)
        rows = self._pieces.of(sources)
        with self._lock:
            old = self._restriction if codes <= self._restriction.targets else Restriction()
            left_out = sum(not self._covers(old, row) for row in rows)
            if old.targets and left_out <= max(_REFIT_COUNT, _REFIT_SHARE * len(rows)):
                return False
            own = old.allowed.union(*rows, self._pieces.of_copies(sources))
            tokens = vocabulary(self.folder)
            allowed = frozenset(candidates(tokens, targets, own))
            self._restriction = Restriction(codes | old.targets, allowed)
            log.info("%s: %d of %d tokens can be needed", self.name, len(allowed), len(tokens))
            self.load()
        return True

    def _check(self, sources: Sequence[str], targets: Sequence[Language]) -> None:
        """Say what the restriction that was just made removes, of a few of the sentences that it is made for."""
        checked = sources[_CHECKED_SHARE - 1 :: _CHECKED_SHARE][:_CHECKED_COUNT]
        for language in targets if checked else ():
            try:
                removed = self.removed(checked, language)
            except EngineError as error:
                log.warning("%s: what its restriction removes is not known: %s", self.name, error)
                return
            level = logging.WARNING if removed.tokens else logging.INFO
            log.log(level, "%s: the restriction to %s removes %s", self.name, language.name, removed)

    def removed(self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY) -> Removed:
        """What the restriction takes away from these sentences: translates them with the whole vocabulary and
        counts what the list has not. Sentences that it does not fit do not count: they never meet it."""
        translator, restriction = self._ready()
        rows = [r for r in self._rows(sources) if self._tried(r) and self._fits(restriction, r, language)]
        answers = self._answers(translator, rows, language, decoding, restricted=False)
        lost = [(sum(t not in restriction.allowed for t in a[0]), len(a[0])) for a in answers if a]
        return Removed(
            tokens=sum(tokens for tokens, _ in lost),
            of_tokens=sum(of for _, of in lost),
            sentences=sum(tokens > 0 for tokens, _ in lost),
            of_sentences=len(lost),
        )

    def _covers(self, restriction: Restriction, pieces: Iterable[str]) -> bool:
        """Whether no piece is left out that the model has; for one that it has not, no list has a token."""
        return not any(p not in restriction.allowed and self._pieces.known(p) for p in pieces)

    def _fits(self, restriction: Restriction, row: Sequence[str], language: Language) -> bool:
        return language.flores in restriction.targets and self._covers(restriction, row[1:-1])

    # Translating

    def length(self, source: str) -> int:
        """Tokens of a source, less the two that every source has."""
        return self._pieces.count(source)

    def translate(
        self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY
    ) -> list[Output]:
        """Every source's translation, in order. Sources over LONGEST_SOURCE tokens (or what the model has
        positions for) are not tried, nor are blank ones, whose translation is empty."""
        if language.flores not in self.languages:
            raise LanguageError(f"The model {self.name} does not know {language.name} ({language.flores}).")
        translator, restriction = self._ready()
        rows = self._rows(sources)
        tried = [place for place, row in enumerate(rows) if self._tried(row)]
        fast = [p for p in tried if decoding.restricted and self._fits(restriction, rows[p], language)]
        answers: dict[int, _Answer | None] = dict.fromkeys(tried)

        def answer(places: list[int], restricted: bool) -> None:
            found = self._answers(translator, [rows[p] for p in places], language, decoding, restricted)
            answers.update(zip(places, found, strict=True))

        answer(fast, restricted=True)
        if wrong := sum(answers[p] is None for p in fast):
            log.warning("%d sentences came in another language than asked; once more, unrestricted", wrong)
        answer([p for p in tried if answers[p] is None], restricted=False)
        if still := sum(answers[p] is None for p in tried):
            raise EngineError(f"The engine answers {still} sentences in another language.")
        return [self._output(row, answers.get(place)) for place, row in enumerate(rows)]

    def _rows(self, sources: Sequence[str]) -> list[list[str]]:
        return [[SOURCE_FLORES, *pieces, "</s>"] for pieces in self._pieces.of(sources)]

    def _tried(self, row: Sequence[str]) -> bool:
        return len(row) > 2 and not self._too_long(row)

    def _too_long(self, row: Sequence[str]) -> bool:
        return len(row) > min(LONGEST_SOURCE, self._positions)

    def _output(self, row: Sequence[str], answer: _Answer | None) -> Output:
        if answer is None:
            return Output("", None, too_long=self._too_long(row))
        tokens, score = answer
        return Output(self._pieces.text(tokens), score)

    def _answers(
        self,
        translator: Any,
        rows: Sequence[list[str]],
        language: Language,
        decoding: Decoding,
        restricted: bool,
    ) -> list[_Answer | None]:
        """Each row's tokens and score; None for an answer that does not begin with the target language, which
        is not to be trusted."""
        answers: list[_Answer | None] = [None] * len(rows)
        parts = batches([len(row) for row in rows], self.settings.batch_tokens, self.replicas)
        try:
            # All are handed over before the first is waited for: each replica takes the next when it is free.
            waiting = [
                self._submit(translator, [rows[p] for p in part], language, decoding, restricted)
                for part in parts
            ]
            for part, futures in zip(parts, waiting, strict=True):
                for place, future in zip(part, futures, strict=True):
                    result = future.result()
                    tokens = result.hypotheses[0]
                    if tokens[:1] == [language.flores]:
                        answers[place] = tokens[1:], result.scores[0]
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            raise EngineError(f"The engine failed: {error}") from error
        return answers

    def _submit(
        self, translator: Any, rows: list[list[str]], language: Language, decoding: Decoding, restricted: bool
    ) -> list[Any]:
        """Hand over one batch."""
        longest = max(map(len, rows))
        futures: list[Any] = translator.translate_batch(
            rows,
            target_prefix=[[language.flores]] * len(rows),
            asynchronous=True,
            max_batch_size=0,
            use_vmap=restricted,
            return_scores=True,
            disable_unk=True,
            beam_size=decoding.beam,
            length_penalty=decoding.length_penalty,
            coverage_penalty=decoding.coverage_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            **self._lengths(longest),
        )
        return futures

    def _lengths(self, longest: int) -> dict[str, int]:
        """The most tokens of an answer: twice the source's, so that a loop ends soon."""
        return {"max_decoding_length": min(2 * longest + 16, self._positions)}
