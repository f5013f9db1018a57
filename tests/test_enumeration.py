"""Enumerations that are made fast are what those of `enum` are."""

from __future__ import annotations

import copy
import enum
import pickle

import pytest

from slint import enumeration


class Fast(enumeration.Enum):
    """Words."""

    ONE = "one"
    TWO = "two"

    @property
    def shout(self) -> str:
        return str(self.value).upper()


class Slow(enum.Enum):
    """Words."""

    ONE = "one"
    TWO = "two"

    @property
    def shout(self) -> str:
        return str(self.value).upper()


def test_an_enumeration_is_what_enum_makes_of_it():
    assert [(each.name, each.value, each.shout) for each in Fast] == [
        (each.name, each.value, each.shout) for each in Slow
    ]
    assert (Fast("two"), Fast.__doc__, Fast.__qualname__, Fast.__module__) == (Fast.TWO, "Words.", "Fast", __name__)
    assert isinstance(Fast.ONE, Fast) and Fast.ONE != Fast.TWO and {Fast.ONE: 1}[Fast.ONE] == 1
    assert repr(Fast.ONE) == "Fast.ONE"
    for made in (Fast, Slow):
        with pytest.raises(ValueError):
            made("three")
        with pytest.raises(AttributeError):
            made.ONE.value = "two"  # type: ignore[misc]  # that is the point


def test_a_copy_of_a_member_is_the_member():
    for other in (copy.copy(Fast.ONE), copy.deepcopy(Fast.ONE), pickle.loads(pickle.dumps(Fast.ONE))):
        assert other is Fast.ONE
