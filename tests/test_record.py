"""Named tuples that are made fast are what those of `typing` are."""

from __future__ import annotations

import pickle
import typing

import pytest

from slint import record


class Fast(record.NamedTuple):
    """Words."""

    name: str
    size: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def shout(self) -> str:
        return self.name.upper()


class Slow(typing.NamedTuple):
    """Words."""

    name: str
    size: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def shout(self) -> str:
        return self.name.upper()


def test_a_record_is_what_typing_makes_of_it():
    fast, slow = Fast("a", parts=("b",)), Slow("a", parts=("b",))
    assert fast == slow == ("a", None, ("b",))
    assert (fast.shout, fast._replace(name="c").name, fast._asdict()) == ("A", "c", slow._asdict())
    assert repr(fast) == repr(slow).replace("Slow", "Fast")
    for name in ("_fields", "_field_defaults", "__match_args__", "__doc__", "__module__", "__slots__"):
        assert getattr(Fast, name) == getattr(Slow, name)
    assert issubclass(Fast, tuple) and not hasattr(fast, "__dict__")
    assert Fast.__qualname__ == "Fast"
    assert typing.get_type_hints(Fast) == typing.get_type_hints(Slow)
    assert pickle.loads(pickle.dumps(fast)) == fast
    with pytest.raises(AttributeError):
        fast.name = "b"  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        Fast()  # type: ignore[call-arg]  # that is the point
