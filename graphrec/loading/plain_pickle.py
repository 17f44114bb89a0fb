"""Pickles of plain data, read without pickle: lists, tuples, dictionaries, texts, numbers, truth values and None.

A pickle is a program that may call any function. This reader knows the opcodes that build plain data and no other, so
that nothing in a file can name, let alone call, a class or a function.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import BinaryIO

LARGEST = 2 << 30
"""Bytes of a file that is read."""
_BYTES_A_VALUE = 4
"""A file has so many bytes for each list, dictionary or tuple in it at least; what has fewer is made to fill memory."""
_SPARE = 10_000
_REMEDY = "Read the pickle where it comes from, and write JSON lines with user, item, feature, sentiment and count"


def read_plain_pickle(path: Path) -> Any:
    """Return what a pickle of protocol 2 to 5 holds.

    Raises:
        InputError: the file is absent, too large, cut short or no such pickle; it holds anything but plain data, or
            fewer bytes than what it builds can have.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise InputError(f"the pickle has {size:,} bytes, and {LARGEST:,} at most are read", where=str(path))
    with path.open("rb") as file:
        machine = _Machine(file, size)
        try:
            return machine.run()
        except _PickleError as error:
            raise InputError(str(error), where=f"{path}, byte {machine.place:,}", remedy=_REMEDY) from error
        except (struct.error, IndexError, TypeError, UnicodeDecodeError) as error:
            raise InputError(
                "this is no pickle of plain data, or it is cut short",
                where=f"{path}, byte {machine.place:,}",
                remedy=_REMEDY,
            ) from error


class _PickleError(Exception):
    """What is wrong with a pickle, in words."""


class _Machine:
    """Carries out opcodes on a stack, as Python's ``pickletools`` documents them."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._room = size // _BYTES_A_VALUE + _SPARE
        self._stack: list[Any] = []
        self._marks: list[list[Any]] = []
        self._memo: list[Any] = []

    @property
    def place(self) -> int:
        """How many bytes were read."""
        return self._file.tell()

    def run(self) -> Any:
        """Return what stands on the stack at the end."""
        while True:
            code = self._file.read(1)
            if code == b".":
                return self._stack.pop()
            action = _ACTIONS.get(code)
            if action is None:
                raise _PickleError(_refusal(code))
            action(self)

    def take(self, n: int) -> bytes:
        """Return the next bytes of the file; a number that it cannot have is a fault."""
        if not 0 <= n <= self._size - self._file.tell():
            raise _PickleError("the pickle is cut short, or a length in it is wrong")
        return self._file.read(n)

    def number(self, form: str) -> Any:
        """Return a number in a form of the module ``struct``."""
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def push(self, value: Any) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def build(self, value: Any) -> None:
        """Put a new list, tuple or dictionary on the stack."""
        self.count()
        self._stack.append(value)

    def count(self) -> None:
        """Count something that takes memory."""
        self._room -= 1
        if self._room < 0:
            raise _PickleError("the pickle builds more than a file of its size can mean")

    def mark(self) -> None:
        """Begin a row of values."""
        self.count()
        self._marks.append(self._stack)
        self._stack = []

    def marked(self) -> list[Any]:
        """Return the values since the last mark."""
        values, self._stack = self._stack, self._marks.pop()
        return values

    def last(self, n: int) -> tuple[Any, ...]:
        """Return the last values of the stack as a tuple, and take them away."""
        if len(self._stack) < n:
            raise IndexError
        values = tuple(self._stack[-n:])
        del self._stack[-n:]
        return values

    def top(self, kind: type) -> Any:
        """Return the last value, which has to be of this type."""
        if type(self._stack[-1]) is not kind:
            raise TypeError
        return self._stack[-1]

    def remember(self, index: int) -> None:
        """Keep the last value under a number: the next one, or one that is there."""
        if index > len(self._memo):
            raise _PickleError("the pickle numbers its values in a way that no writer of plain data does")
        self._memo[index : index + 1] = [self._stack[-1]]

    def memoize(self) -> None:
        """Keep the last value under the next number."""
        self._memo.append(self._stack[-1])

    def recall(self, index: int) -> None:
        """Put a value that was kept on the stack."""
        self._stack.append(self._memo[index])


def _refusal(code: bytes) -> str:
    if code in (b"c", b"\x93", b"i", b"R", b"o", b"\x81", b"\x92", b"b", b"\x82", b"\x83", b"\x84", b"P", b"Q"):
        return "the pickle names a class or a function, and only plain data are read"
    if code in (b"l", b"d", b"I", b"L", b"F", b"S", b"V", b"p", b"g", b"0"):
        return "the pickle is of protocol 0 or 1, and those from 2 on are read"
    return "the pickle ends too early" if not code else "this is no pickle of plain data"


def _set_items(machine: _Machine) -> None:
    _update(machine, machine.marked())


def _set_item(machine: _Machine) -> None:
    _update(machine, machine.last(2))


def _update(machine: _Machine, values: Sequence[Any]) -> None:
    if len(values) % 2:
        raise IndexError
    if not all(type(key) is str for key in values[::2]):  # numbers can be chosen so that all fall on one place
        raise _PickleError("the pickle has a dictionary whose keys are no texts")
    machine.top(dict).update(zip(values[::2], values[1::2], strict=True))


def _append(machine: _Machine) -> None:
    (value,) = machine.last(1)
    machine.top(list).append(value)


def _appends(machine: _Machine) -> None:
    values = machine.marked()
    machine.top(list).extend(values)


def _text(form: str, encoding: str = "utf-8") -> Callable[[_Machine], None]:
    def push_text(machine: _Machine) -> None:
        machine.push(machine.take(machine.number(form)).decode(encoding, "surrogatepass"))

    return push_text


def _number(form: str) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(machine.number(form))


def _whole(form: str) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(int.from_bytes(machine.take(machine.number(form)), "little", signed=True))


def _tuple(n: int) -> Callable[[_Machine], None]:
    return lambda machine: machine.build(machine.last(n))


_ACTIONS: dict[bytes, Callable[[_Machine], None]] = {
    b"\x80": lambda machine: machine.number("<B"),  # the protocol
    b"\x95": lambda machine: machine.number("<Q"),  # the length of a frame, which is read as it comes
    b"]": lambda machine: machine.build([]),
    b"}": lambda machine: machine.build({}),
    b")": lambda machine: machine.push(()),
    b"(": lambda machine: machine.mark(),
    b"t": lambda machine: machine.build(tuple(machine.marked())),
    b"\x85": _tuple(1),
    b"\x86": _tuple(2),
    b"\x87": _tuple(3),
    b"a": _append,
    b"e": _appends,
    b"s": _set_item,
    b"u": _set_items,
    b"X": _text("<I"),
    b"\x8c": _text("<B"),
    b"\x8d": _text("<Q"),
    b"N": lambda machine: machine.push(None),
    b"\x88": lambda machine: machine.push(True),
    b"\x89": lambda machine: machine.push(False),
    b"K": _number("<B"),
    b"M": _number("<H"),
    b"J": _number("<i"),
    b"G": _number(">d"),
    b"\x8a": _whole("<B"),
    b"\x8b": _whole("<i"),
    b"q": lambda machine: machine.remember(machine.number("<B")),
    b"r": lambda machine: machine.remember(machine.number("<I")),
    b"\x94": lambda machine: machine.memoize(),
    b"h": lambda machine: machine.recall(machine.number("<B")),
    b"j": lambda machine: machine.recall(machine.number("<I")),
}
"""What each opcode that is known does."""
