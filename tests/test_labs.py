"""digest/labs.py: founding a lab, belonging to it, leaving it; it always has an owner."""

import pytest

from digest import labs, own_data, roles
from digest.models import Interest, Lab, LabPaper, Membership, User
from tests.documents import Document
from tests.steps import publish


def test_its_founder_owns_it(bob):
    lab = labs.found(bob, "Robot Learning")
    assert (lab.slug, lab.memberships.get().user, lab.memberships.get().owns) == ("robot-learning", bob, True)


def test_names_may_be_alike_and_addresses_are_not(bob):
    assert [labs.found(bob, name).slug for name in ("Robots", "Robots", "robots!")] == [
        "robots",
        "robots-2",
        "robots-3",
    ]


@pytest.mark.parametrize("name", ["机器人", "<script>alert(1)</script>", "---", "a" * 100])
def test_any_name_has_an_address(bob, name):
    lab = labs.found(bob, name)
    assert lab.slug.replace("-", "").isascii()
    assert lab.slug.replace("-", "").isalnum()


def test_its_reader_is_no_person(client, bob):
    reader = labs.found(bob, "Robots").reader
    assert reader not in User.objects.people()
    assert not reader.has_usable_password()
    User.objects.filter(pk=reader.pk).update(password=bob.password)
    assert not client.login(username=reader.username, password="bob-password")
    client.force_login(reader, backend="digest.entrance.Backend")
    assert client.get("/").status_code == 302


def test_its_digest_is_published_as_a_readers_is(bob, document: Document):
    lab = labs.found(bob, "Robots")
    document.add("2605.90001", title="A Robot")
    digest = publish(lab.reader, document, "robot")
    assert digest.entries.count() == 1
    assert not bob.digests.exists()


def test_the_last_owner_can_not_leave_or_be_less(bob, charlie):
    lab = labs.found(bob, "Robots")
    owner, member = lab.memberships.get(), labs.join(lab, charlie)
    for attempt in (lambda: labs.leave(owner), lambda: labs.make(owner, Membership.Role.MEMBER)):
        with pytest.raises(labs.LabError):
            attempt()
    labs.make(member, Membership.Role.OWNER)
    labs.leave(owner)
    assert lab.memberships.get().user == charlie


def test_who_joins_twice_is_a_member_once(bob, charlie):
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    labs.join(lab, charlie)
    labs.join(lab, bob)
    assert lab.memberships.count() == 2
    assert lab.memberships.get(user=bob).owns


def test_who_leaves_takes_their_interest_along_and_leaves_their_papers(bob, charlie, bobs_digest):
    lab = labs.found(bob, "Robots")
    member = labs.join(lab, charlie)
    row = LabPaper.objects.create(lab=lab, paper=bobs_digest.entries.first().paper, added_by=charlie)
    Interest.objects.create(lab_paper=row, user=charlie)
    labs.leave(member)
    assert (row.interests.count(), lab.papers.count()) == (0, 1)


def test_a_closed_lab_is_gone_with_all_that_was_its(bob, bobs_digest):
    lab = labs.found(bob, "Robots")
    LabPaper.objects.create(lab=lab, paper=bobs_digest.entries.first().paper)
    labs.close(lab)
    assert not Lab.objects.exists()
    assert not LabPaper.objects.exists()
    assert list(User.objects.all()) == [bob]


# --- an owner who can act ---------------------------------------------------------------------


@pytest.fixture
def three(bob, charlie):
    """Bob owns it; charlie has been a member for longer than dora."""
    lab = labs.found(bob, "Robots")
    dora = User.objects.create_user("dora")
    labs.join(lab, charlie)
    labs.join(lab, dora)
    return lab, dora


def owners(lab: Lab) -> list[str]:
    rows = lab.memberships.filter(role=Membership.Role.OWNER, user__is_active=True)
    return sorted(rows.values_list("user__username", flat=True))


def test_who_has_been_there_longest_owns_it_when_the_last_owner_is_deactivated(bob, three):
    roles.deactivate(bob)
    assert owners(three[0]) == ["charlie"]


def test_who_can_not_log_in_either_is_passed_over(bob, charlie, three):
    roles.deactivate(charlie)
    roles.deactivate(bob)
    assert owners(three[0]) == ["dora"]


def test_an_owner_who_comes_back_is_one_still(bob, three):
    roles.deactivate(bob)
    roles.activate(bob)
    assert owners(three[0]) == ["bob", "charlie"]


def test_of_two_owners_one_may_go_and_nobody_is_made_one(bob, charlie, three):
    lab, dora = three
    labs.make(lab.memberships.get(user=dora), Membership.Role.OWNER)
    roles.deactivate(bob)
    assert owners(lab) == ["dora"]


def test_a_lab_whose_people_are_all_away_waits_for_the_first_who_comes_back(bob, charlie, three):
    lab, dora = three
    for user in (charlie, dora, bob):
        roles.deactivate(user)
    assert owners(lab) == []
    roles.activate(dora)
    assert owners(lab) == ["dora"]


def test_who_is_invited_into_a_lab_without_people_owns_it(alice, bob):
    lab = labs.found(bob, "Robots")
    roles.deactivate(bob)
    assert labs.join(lab, alice).owns


def test_an_owner_who_can_not_log_in_is_none_for_who_wants_to_leave(bob, charlie, three):
    lab, _dora = three
    labs.make(lab.memberships.get(user=charlie), Membership.Role.OWNER)
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    with pytest.raises(labs.LabError):
        labs.leave(lab.memberships.get(user=bob))
    assert labs.held_up_by(bob) == [lab]


def test_members_who_can_not_log_in_keep_nobody_from_going(bob, charlie):
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    own_data.delete(bob)
    roles.activate(charlie)
    assert owners(lab) == ["charlie"]
