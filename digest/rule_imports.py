"""Rules into a reader's own: what a file holds, less what they have already or may not have."""

from dataclasses import dataclass, field

from digest import bibliography, rule_files
from digest.bibliography import Proposal
from digest.following import QUOTA
from digest.keywords import canonical
from digest.models import Keyword, User
from digest.rule_files import Read, Refused, RuleFileError, Wish
from digest.wording import WordedError, gettext_noop


@dataclass(slots=True)
class Held:
    """What of a file can be followed, and what not. A library has `proposals`; `free` is how many rules there is
    room for."""

    free: int
    wishes: list[Wish] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    proposals: list[Proposal] | None = None


def wishes_of(user: User) -> list[Wish]:
    """All of a reader's rules, for a file."""
    return [Wish(s.typed, s.label if s.rule else "", s.excluded) for s in user.subscriptions.all()]


def held(user: User, text: str) -> Held:
    """What a text holds for this reader. Raises RuleFileError."""
    free = max(QUOTA - user.subscriptions.count(), 0)
    mine = set(Keyword.objects.filter(subscriptions__user=user).values_list("canonical", flat=True))
    if bibliography.is_bibliography(text):
        found = [p for p in bibliography.proposals(text) if canonical(p.phrase) not in mine]
        if not found:
            raise RuleFileError(
                gettext_noop("Neither keywords nor phrases that several titles share are in it, or you have them all.")
            )  # fmt: skip
        return Held(free, proposals=found[:free])
    result = rule_files.read(text)
    _without_those_had(result, mine, free)
    if not result.wishes and not result.refused:
        raise RuleFileError(gettext_noop("There is no rule in it."))
    return Held(free, result.wishes, result.refused)


def _without_those_had(result: Read, mine: set[str], free: int) -> None:
    """Leave out what the reader follows already, and what is more than they may have."""
    kept: list[Wish] = []
    for place, wish in enumerate(result.wishes, start=1):
        why = None
        if canonical(wish.rule) in mine:
            why = WordedError(gettext_noop("This rule is there already."))
        elif len(kept) >= free:
            why = WordedError(
                gettext_noop("There may be %(most)d rules, and this would be one more."), most=QUOTA
            )
        if why is None:
            kept.append(wish)
        else:
            result.refused.append(Refused(place, wish.rule, why))
    result.wishes = kept
