"""Named arguments where a language has none: the members of an object that a call is given."""

from __future__ import annotations

from slint.code.facts import Call
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.operations import sent_command
from slint.value import Absent, Items, Literal, Ref, RefKind, Unknown, Value

_SDK = "@aws-sdk/"


def option(evaluator: Evaluator, callees: tuple[Expr, ...], call: Call, frame: Frame, name: str) -> Expr | Value:
    """The member `name` of the object that a call is given, or of that which the command it sends is made with.

    Absent when it is certain that it is not passed, Unknown when it cannot be known.
    """
    for callee in callees:
        command = sent_command(evaluator, callee, call, frame)
        if command is not None:
            call, frame = command
            break
    if call.has_spread:
        return Unknown(call.span, "may be passed in a spread")
    for argument in call.arguments:
        if argument.name is None:
            found = _member(evaluator, Expr(argument.value, call.block, frame), name)
            if found is not None:
                return found
    return Absent(call.span)


def _member(evaluator: Evaluator, given: Expr, name: str) -> Expr | Value | None:
    """The member of what an argument stands for; None when that is certain to be no object with members."""
    value = given.value
    written = _written_later(given, value, name) if isinstance(value, Ref) else None
    if written is not None:
        return written
    objects = evaluator.follow(given)
    if len(objects) != 1:
        return Unknown(value.span, "one of several objects") if objects else None
    found = objects[0].value
    if isinstance(found, Items) and not found.is_list:
        member = found.at(name)
        if isinstance(member, (Absent, Unknown)) and not found.entry(name):
            return member
        return enumerated(evaluator, objects[0].with_value(member))
    if isinstance(found, Literal) or (isinstance(found, Ref) and found.kind is RefKind.BLOCK):
        return None
    return Unknown(value.span, "an object that is not known", (value,))


def enumerated(evaluator: Evaluator, given: Expr) -> Expr:
    """A member of an enumeration of the AWS SDK, such as `InvocationType.Event`, is the text of its name."""
    found = evaluator.follow(given)
    if len(found) == 1 and isinstance(found[0].value, Ref):
        ref = found[0].value
        if ref.kind is RefKind.IMPORT and str(ref.name).startswith(_SDK) and len(ref.path) == 2:
            return given.with_value(Literal(ref.span, str(ref.path[1])))
    return given


def _written_later(given: Expr, value: Ref, name: str) -> Expr | Value | None:
    """What is put into an object after it was made: `params.InvocationType = 'Event'`."""
    unit = given.frame.unit
    if value.kind is not RefKind.NAME or value.path:
        return None
    places = unit.places.get((unit.bodies[given.block], str(value.name)), ())
    written = [each for each in places if each.target.path[0] == name or not isinstance(each.target.path[0], str)]
    if not written:
        return None
    only = written[0]
    if len(written) == 1 and only.target.path == (name,) and only.value is not None:
        return Expr(only.value, only.block, given.frame)
    return Unknown(value.span, "put into the object later")
