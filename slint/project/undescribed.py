"""Functions that no template describes: files below no function's code, with an unmistakable handler."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from slint.code.facts import Definition
from slint.knowledge.platforms import AWS_LAMBDA
from slint.paths import is_below, upward
from slint.project.discovery import SCRIPT_SUFFIXES
from slint.project.frames import Expr, is_function
from slint.project.link import Handler
from slint.project.model import Function
from slint.project.recognise import (
    bound_handlers,
    handlers,
    is_of_other_platform,
    may_hold_handler,
    may_hold_script_handler,
    runs_on_event,
    script_handlers,
)
from slint.project.unit import Unit
from slint.source import Span
from slint.value import Ref

if TYPE_CHECKING:
    from slint.project.load import Loader

_LARGEST_SCRIPT = 200_000  # code points; beyond it lie bundles
_WRAPPINGS = 6


class Recogniser:
    """Finds the functions in candidates."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._settings = loader.settings
        self._survey = loader.survey
        self._elsewhere: dict[str, bool] = {}

    def functions(self, path: str) -> Iterator[Function]:
        """The functions whose handlers a file holds."""
        if self._is_foreign(path):
            return
        yield from self._scripts(path) if path.endswith(SCRIPT_SUFFIXES) else self._python(path)

    def _python(self, path: str) -> Iterator[Function]:
        file = self._loader.files.text(path)
        exports = self._survey.named.get(os.path.splitext(path)[0], ())
        if file is None or not (exports or may_hold_handler(file.text)):
            return
        unit = self._loader.files.unit(path)
        if unit is not None:
            named = [each for each in unit.module.definitions if each.name in exports and each.scope == 0]
            found = [(each.name, each.span) for each in named or handlers(unit)]
            bound = [(str(each.target.name), each.target.span) for each in bound_handlers(unit)]
            for name, span in dict([*bound, *found]).items():
                yield self._python_function(unit, name, span)

    def _python_function(self, unit: Unit, name: str, span: Span) -> Function:
        root = self._settings.root
        folder = os.path.dirname(unit.path)
        roots = tuple(upward(folder, root)) or (folder,)
        loader = self._loader
        return Function(
            name,
            span,
            AWS_LAMBDA,
            None,
            lambda: loader.linker.entry(unit, name, loader.linker.below(roots)),
            lambda: None,
            loader.files.note,
            loader.tests,
            loader.beside(),
        )

    def _scripts(self, path: str) -> Iterator[Function]:
        file = self._loader.files.text(path)
        named = self._survey.named.get(os.path.splitext(path)[0], ())
        if file is None or len(file.text) > _LARGEST_SCRIPT or not (named or may_hold_script_handler(file.text)):
            return
        named = (*named, *self._named_beside(path))
        if not named and self._is_elsewhere(os.path.dirname(path)):
            return
        unit = self._loader.files.unit(path)
        if unit is None:
            return
        for name in dict.fromkeys((*named, *script_handlers(unit))):
            linked = self._loader.node.entry(path, name)
            if isinstance(linked, Handler) and (
                name in named or any(runs_on_event(unit, name, each) for each in _functions_of(linked))
            ):
                yield self._script_function(name, linked)

    def _named_beside(self, path: str) -> Iterator[str]:
        """The exports of a script that the `index.ts` beside it names in the way of the Serverless Framework's template for
        TypeScript: handler: `${handlerPath(__dirname)}/handler.main`."""
        folder, name = os.path.split(path)
        index = os.path.join(folder, "index.ts")
        file = self._loader.files.text(index) if name != "index.ts" and os.path.isfile(index) else None
        if file is not None and "__dirname)}/" in file.text:
            yield from re.findall(rf"__dirname\)\}}/{re.escape(os.path.splitext(name)[0])}\.(\w+)`", file.text)

    def _script_function(self, name: str, linked: Handler) -> Function:
        return Function(name, linked.span, AWS_LAMBDA, None, lambda: linked, lambda: None, self._loader.files.note)

    def _is_foreign(self, path: str) -> bool:
        """Whether the nearest serverless.yml above deploys to another provider than AWS."""
        folders = upward(os.path.dirname(path), self._settings.root)
        return next((self._survey.foreign[folder] for folder in folders if folder in self._survey.foreign), False)

    def _is_elsewhere(self, folder: str) -> bool:
        """Whether a folder belongs to another platform or to a browser, as it tells itself or the nearest above that does."""
        if folder not in self._elsewhere:
            try:
                found = is_of_other_platform(os.listdir(folder))
            except OSError:
                found = None
            if found is None:
                found = is_below(folder, self._settings.root) and self._is_elsewhere(os.path.dirname(folder))
            self._elsewhere[folder] = found
        return self._elsewhere[folder]


def _functions_of(handler: Handler) -> Iterator[Definition]:
    """The functions that a handler is, or that its module hands to what wraps it."""
    if handler.definition is not None:
        yield handler.definition
    for entry in handler.entries:
        root = handler.evaluator.root_call(entry)
        for _ in range(_WRAPPINGS):
            if root is None:
                break
            call, frame = root
            for argument in call.arguments:
                for found in handler.evaluator.follow(Expr(argument.value, call.block, frame)):
                    if is_function(found) and isinstance(found.value, Ref):
                        yield found.frame.unit.definitions[int(found.value.name)]
            made = handler.evaluator.callees(call, frame)
            root = handler.evaluator.root_call(made[0]) if made else None
