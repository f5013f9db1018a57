"""Names, attributes and subscripts, and the reads of the environment among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from slint.code.facts import COMPUTED_VARIABLE, Use
from slint.code.python_reader import SPREADS, Reader, parts
from slint.code.python_scopes import Meaning, Receiver, Well
from slint.code.reading import PART, Fate
from slint.code.shapes import below
from slint.source import Span
from slint.value import ANY, Choice, Key, Literal, Option, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_Step: TypeAlias = "str | list[Node]"  # an attribute's name, or what stands in the brackets
_READERS: Final = frozenset({"get", "pop", "setdefault"})  # methods of os.environ that read one variable


class PlaceReader(Reader):
    """Reads places: what lies below a name, or below a value."""

    def _identifier(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        return self._root(self.file.text[span.start : span.end], span)

    def _root(self, name: str, span: Span, path: tuple[Key, ...] = ()) -> Ref:
        if name in self.special_names:
            meaning = self.scope.meaning(name)
            if isinstance(meaning, Receiver):
                return Ref(span, meaning.kind, meaning.block, path)
        return Ref(span, RefKind.NAME, name, path)

    def place(self, node: Node, _fate: Fate = PART) -> Value:
        """The value of an attribute or subscript, and of chains of them: a reference where the root allows it."""
        span = self.span(node)
        steps: list[_Step] = []
        while (kind := node.type) in ("attribute", "subscript"):
            if kind == "attribute":
                node, *_, attribute = node.children
                steps.append(self.text(attribute))
            else:
                node, *index = parts(node)
                steps.append(index)
        steps.reverse()
        if kind != "identifier":
            return below(span, self.value(node), self._keys(steps))
        name = self.text(node)
        if self.reads_environment and name in self.special_names:
            variable = self._variable(span, node, name, steps)
            if variable is not None:
                return variable
        return self._root(name, span, self._keys(steps))

    def _keys(self, steps: Sequence[_Step]) -> tuple[Key, ...]:
        return tuple(step if isinstance(step, str) else self._key(step) for step in steps)

    def _key(self, index: list[Node]) -> Key:
        values = [self.value(each) for each in index]
        if len(values) == 1 and isinstance(values[0], Literal):
            written = values[0].value
            if isinstance(written, str) or (type(written) is int and written >= 0):
                return written
        for value in values:
            if any(not isinstance(part, Literal) or isinstance(part.value, str) for part in value.walk()):
                self.leave(value)
        return ANY

    def _slice(self, node: Node, _: Fate) -> Value:
        bounds = tuple(self.value(child) for child in parts(node))
        if all(isinstance(bound, Literal) for bound in bounds):
            return Literal(self.span(node), None)  # it is ANY in a path, and nothing in it is worth keeping
        return Unknown(self.span(node), "a slice", bounds)

    # The environment

    def _variable(self, span: Span, root: Node, name: str, steps: list[_Step]) -> Value | None:
        """`os.environ[...]` and what lies below it; None for everything else."""
        used = _below_environ(self.scope.meaning(name), steps)
        if used is None or used == len(steps):
            return None
        index = steps[used]
        if isinstance(index, str) or len(index) != 1 or index[0].type == "slice":
            return None
        written = self.value(index[0])
        found = self._named_variable(span, written, self._environ(root, name, steps[:used]))
        return below(span, found, self._keys(steps[used + 1 :]))

    def _environ(self, root: Node, name: str, steps: Sequence[_Step]) -> Ref:
        return self._root(name, self.span(root), tuple(step for step in steps if isinstance(step, str)))

    def _named_variable(self, span: Span, written: Value, environ: Ref, *others: Value) -> Value:
        name = self._constant_text(written)
        if name is None:
            return Unknown(span, COMPUTED_VARIABLE, (written, environ, *others))
        return Ref(span, RefKind.ENV, name)

    def _constant_text(self, written: Value) -> str | None:
        if isinstance(written, Ref) and written.kind is RefKind.NAME and not written.path:
            name = str(written.name)
            self.variables_read_by_name.add(name)
            constant = self.foresight.constants.get(name)
            return constant.text if constant is not None and constant.since <= written.span.start else None
        return written.string

    def _environment_call(self, node: Node, function: Node, arguments: Node, fate: Fate) -> Value | None:
        """`os.getenv(...)`, `os.environ.get(...)` and their like; None for every other call."""
        reading = self._environment_reader(function)
        if reading is None or arguments.type != "argument_list":
            return None
        method, environ = reading
        given: dict[str, Node] = {}
        for child, parameter in zip(parts(arguments), ("key", "default", ""), strict=False):
            if child.type == "keyword_argument":
                name, *_, value = parts(child)
                given[self.text(name)] = value
            elif child.type in SPREADS:
                return None
            else:
                given[parameter] = child
        if "key" not in given or not given.keys() <= {"key", "default"}:
            return None
        span = self.span(node)
        written = self.value(given["key"])
        outcome = Fate(fate.use if fate.use is not Use.DROPPED else Use.PART, fate.used_by)
        default = self.value(given["default"], outcome) if "default" in given else Literal(span, None)
        found = self._named_variable(span, written, environ, default)
        if not isinstance(found, Ref):
            if method == "setdefault":
                self.add_binding(environ.with_path(*environ.path, ANY), None, "or-else", self.scope.block, span)
            return found
        if method == "pop" and "default" not in given:
            return found
        if method == "setdefault":
            self.add_binding(found, default, "or-else", self.scope.block, span)
        return Choice(span, (Option(None, found), Option(None, default)))

    def _environment_reader(self, function: Node) -> tuple[str, Ref] | None:
        """The method that reads one variable, and the reference to the environment."""
        steps: list[_Step] = []
        root = function
        while root.type == "attribute" and len(steps) < 3:  # `os.environ.get` has two
            root, *_, attribute = root.children
            steps.append(self.text(attribute))
        if root.type != "identifier" or (name := self.text(root)) not in self.special_names:
            return None
        steps.reverse()
        meaning = self.scope.meaning(name)
        if (meaning is Well.GETENV and not steps) or (meaning is Well.OS and steps == ["getenv"]):
            return "get", self._environ(root, name, steps)
        used = _below_environ(meaning, steps)
        if used is None or used + 1 != len(steps):
            return None
        method = steps[used]
        if not isinstance(method, str) or method not in _READERS:
            return None
        return method, self._environ(root, name, steps[:used])


def _below_environ(meaning: Meaning, steps: Sequence[_Step]) -> int | None:
    """How many steps lead to `os.environ` from a name; None when they do not."""
    if meaning is Well.ENVIRON:
        return 0
    return 1 if meaning is Well.OS and steps and steps[0] == "environ" else None
