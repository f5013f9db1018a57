"""`NamedTuple` for plain records, as `typing` has it and made in a tenth of the time.

There are more than a hundred of them in a small run. `typing` looks at each annotation, for which nobody asks, and
`collections` compiles each constructor from text: 12 and 8 of 110 ms (2026-11-27, Python 3.11). For what reads the
types, all are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple
    from types import CodeType, FunctionType

    _field = type(namedtuple("_Sample", "field").field)
    _globals = {"new": tuple.__new__}
    _constructors: dict[int, CodeType] = {}

    def _constructor(fields: tuple[str, ...]) -> CodeType:
        """The code of a constructor: that for this number of fields, with its parameters renamed."""
        count = len(fields)
        if count not in _constructors:
            names = "".join(f"_{index}, " for index in range(count))
            made: dict[str, Any] = {}
            exec(f"def __new__(_cls, {names}): return new(_cls, ({names}))", made)  # no text but ours
            _constructors[count] = made["__new__"].__code__
        return _constructors[count].replace(co_varnames=("_cls", *fields))

    class _Record(tuple):
        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, /, **changes):
            values, fields = list(self), self._fields
            for name, value in changes.items():
                values[fields.index(name)] = value
            return tuple.__new__(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(map('{}={!r}'.format, self._fields, self))})"

        def __getnewargs__(self):
            return tuple(self)

    class _Maker(type):
        """Makes a class statement into a named tuple: its annotations are the fields, its values their defaults."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace[field] for field in fields if field in namespace}
            for index, field in enumerate(fields):
                namespace[field] = _field(index, "")
            made = FunctionType(_constructor(fields), _globals, "__new__", tuple(defaults.values()))
            made.__qualname__ = f"{name}.__new__"
            namespace |= {
                "__slots__": (),
                "__new__": made,
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (_Record,), namespace)

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
