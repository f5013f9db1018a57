"""Questions about paths by their text."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from slint.paths import Places, is_below, is_within

PATHS = st.lists(st.sampled_from(["a", "b", "ab", "c.py"]), min_size=1, max_size=4).map(
    lambda parts: os.sep + os.sep.join(parts)
)


@given(st.lists(PATHS, max_size=4), PATHS)
def test_places_answer_as_each_of_them_would(paths: list[str], path: str):
    places = Places(paths)
    assert places.hold(path) is any(is_within(path, each) for each in paths)
    assert places.lie_below(path) is any(is_below(each, path) for each in paths)
    assert places.meet(path) is any(is_within(path, each) or is_within(each, path) for each in paths)
