from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slint.report.line_hash import line_hashes

GREETINGS = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]


# The vectors of the upload action itself: `fingerprints.test.ts` of github/codeql-action.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETINGS),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETINGS),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETINGS),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETINGS),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_the_vectors_of_the_upload_action(text, expected):
    found = line_hashes(text, range(1, len(expected) + 1))
    assert [found[number] for number in range(1, len(expected) + 1)] == expected
    assert line_hashes(text, [len(expected) + 1]) == {}


def rolling(text: str) -> dict[int, str]:
    """The same, unit by unit with a window that rolls, as the action describes it."""
    data = text.encode("utf-16-le", "surrogatepass")
    units = [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]
    window, starts = [0] * 100, [0] * 100
    value = index = line = 0
    is_start, after_return = True, False
    seen: dict[int, int] = {}
    found = {}

    def leave() -> None:
        if starts[index]:
            seen[value] = seen.get(value, 0) + 1
            found[starts[index]] = f"{value:x}:{seen[value]}"
            starts[index] = 0

    def push(unit: int) -> None:
        nonlocal value, index
        value = (value * 37 + unit - window[index] * 37**100) % 2**64
        window[index] = unit
        index = (index + 1) % 100

    for unit in [*units, 0xFFFF]:
        if unit in (0x20, 0x09) or (after_return and unit == 0x0A):
            after_return = False
            continue
        after_return = unit == 0x0D
        unit = 0x0A if after_return else unit
        leave()
        if is_start:
            line += 1
            starts[index] = line
        is_start = unit == 0x0A
        push(unit)
    for _ in range(100):
        leave()
        push(0)
    return found


@given(st.text(alphabet="ab=\t \r\n\x0b\u2028\ufffd\U0001f600", max_size=400))
def test_any_text_as_if_rolled(text):
    expected = rolling(text)
    assert line_hashes(text, range(1, len(text) + 3)) == expected


def test_only_the_lines_wanted():
    assert line_hashes("a\nb\na\n", [3]).keys() == {3}
    assert line_hashes("a\nb\n", []) == {}
