"""digest/models/users.py: what a reader's choices come to."""

import pytest

from digest.models import User


@pytest.mark.parametrize(
    ("chosen", "content", "worded"),
    [
        ("", "zh-Hans", "zh-hans"),
        ("en", "zh-Hans", "en"),
        ("zh-hans", "ja", "zh-hans"),
        ("", "ja", "en"),
    ],
)
def test_what_goes_out_unasked_is_in_the_chosen_language_or_that_of_the_digest(chosen, content, worded):
    reader = User(interface_language=chosen, content_language=content)
    assert reader.unasked_language == worded
