"""Parameters of queries: from what Python programs hold to what means the same on both engines, or a refusal by name.

- Texts, whole numbers of 64 bits, floats and truth values are themselves; those of NumPy, pandas and Arrow too.
- Missing values (None, NaN, NA, NaT) are null. Inside a list or a dictionary the engines differ, and they are refused.
- Arrays, Series, tuples, ranges and sets are lists. The values of a list are of one type; whole numbers beside floats
  become floats.
- Dictionaries have texts as keys; those in one list have the same keys.
- Dates, times and bytes are refused: a graph holds times as whole seconds since 1970, and no bytes.
"""

from __future__ import annotations

import math
from collections.abc import KeysView, Mapping, Sequence, Set, ValuesView
from decimal import Decimal
from typing import Any

from graphrec.errors import UsageError

_LARGEST = 1 << 63
_EXACT = 1 << 53
"""Whole numbers up to this size are floats without a loss."""
_DEEPEST = 50
_TIMES = frozenset(
    {"datetime", "date", "time", "timedelta", "Timestamp", "Timedelta", "Period", "datetime64", "timedelta64"}
)
_MISSING = frozenset({"NaTType", "NAType"})
_TABLES = frozenset({"DataFrame", "Table", "RecordBatch"})
_LISTS = (Sequence, Set, KeysView, ValuesView)


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """Why a value is no parameter, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def plain_parameters(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the parameters of a query in types that both engines take alike.

    Args:
        parameters: by name, without the ``$``.

    Raises:
        UsageError: a value that the engines would not take alike; names the parameter.
    """
    plain: dict[str, Any] = {}
    for name, value in (parameters or {}).items():
        if not isinstance(name, str):
            raise UsageError(f"the name of a parameter is a text, not {name!r:.60}", remedy='Write {"name": value}')
        try:
            plain[name] = _plain(value, 0)
        except _Refused as refused:
            raise UsageError(f"the parameter ${name}: {refused.what}", remedy=refused.remedy) from None
    return plain


def _plain(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _Refused(f"it is nested more than {_DEEPEST} times", "Give lists of values")
    value = _of_a_library(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(int(value))
    if isinstance(value, (float, Decimal)):
        return _real(value)
    if isinstance(value, Mapping):
        return _dictionary(value, depth)
    if isinstance(value, _LISTS) and not isinstance(value, (bytes, bytearray, memoryview)):
        return _list(sorted(value, key=str) if isinstance(value, Set) else list(value), depth)
    raise _of_no_type(value)


def _of_a_library(value: Any) -> Any:
    """Return a value of NumPy, pandas, Arrow or PyTorch as one of Python; any other as it is."""
    kind = type(value)
    if kind in (str, int, float, bool, list, tuple, dict) or value is None:
        return value
    if kind.__name__ in _MISSING:
        return None
    if kind.__name__ in _TIMES:
        if value != value:  # noqa: PLR0124 - as NumPy's NaT alone
            return None
        raise _of_no_type(value)
    if kind.__name__ in _TABLES:
        raise _Refused("it is a whole table", "Give one column of it")
    if getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M", "V", "S"):
        raise _of_no_type(value)
    if isinstance(value, (memoryview, type)):
        return value
    for method in ("as_py", "to_pylist", "tolist", "to_list"):  # scalars of Arrow, its arrays, and those of all others
        if callable(getattr(value, method, None)):
            plain = getattr(value, method)()
            return float(plain) if type(plain).__name__ == "longdouble" else plain
    return value


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _Refused(f"{value!r:.60} is no text: half of a character is missing", "Mend the text") from None
    return str.__str__(value)


def _whole(value: int) -> int:
    if not -_LARGEST <= value < _LARGEST:
        raise _Refused("a whole number has at most 64 bits, and this one has more", "Give it as a float or as a text")
    return value


def _real(value: float | Decimal) -> float | None:
    number = float(value)
    if math.isnan(number):
        return None
    if isinstance(value, Decimal) and value != Decimal(number):
        raise _Refused(f"{value!s:.40} cannot be held exactly as a float", "Give float(…) if that is near enough")
    return number


def _list(values: list[Any], depth: int) -> list[Any]:
    if {type(value) for value in values} == {str}:  # ids, often many
        _text("".join(values))
        return values
    plain = [_plain(value, depth + 1) for value in values]
    for place, value in enumerate(plain, start=1):
        if value is None:
            raise _Refused(f"value {place} of its list is missing", "Leave missing values out")
    kinds = {type(value) for value in plain}
    if kinds == {int, float} and all(abs(value) <= _EXACT for value in plain if type(value) is int):
        return [float(value) for value in plain]
    if len(kinds) > 1:
        names = " and ".join(sorted(kind.__name__ for kind in kinds))
        raise _Refused(f"its list holds {names} side by side", "Give values of one type, such as str(value) of each")
    if kinds == {dict} and any(value.keys() != plain[0].keys() for value in plain):
        raise _Refused("the dictionaries of its list have different keys", "Give all of them the same keys")
    if plain and kinds <= {list, dict}:
        _common([_form(value) for value in plain])
    return plain


def _form(value: Any) -> Any:
    """Return what a plain value is made of: ``[form]`` for a list, ``[]`` for an empty one, else a word."""
    if isinstance(value, list):
        return [_common([_form(each) for each in value])] if value else []
    if isinstance(value, dict):
        return {key: _form(each) for key, each in value.items()}
    return "number" if type(value) in (int, float) else type(value).__name__


def _common(forms: list[Any]) -> Any:
    """Return the one form of all; raise where there are two."""
    common = forms[0]
    for form in forms[1:]:
        if form == common:
            continue
        if isinstance(common, list) and isinstance(form, list):
            common = [_common([common[0], form[0]])] if common and form else common or form
        elif isinstance(common, dict) and isinstance(form, dict) and common.keys() == form.keys():
            common = {key: _common([common[key], form[key]]) for key in common}
        else:
            names = " and ".join(sorted({_named(common), _named(form)}))
            raise _Refused(
                f"the lists or dictionaries in its list hold {names} side by side",
                "Give values of one type, such as str(value) of each",
            )
    return common


def _named(form: Any) -> str:
    return form if isinstance(form, str) else "list" if isinstance(form, list) else "dict"


def _dictionary(values: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    plain = {}
    for key, value in values.items():
        if not isinstance(key, str):
            raise _Refused(f"the keys of a dictionary are texts, not {key!r:.40}", "Write {str(key): value}")
        plain[_text(key)] = _plain(value, depth + 1)
        if plain[key] is None or plain[key] == []:
            raise _Refused(f"{key!r:.40} of its dictionary is missing or empty", "Leave it out")
    return plain


def _of_no_type(value: Any) -> _Refused:
    kind = getattr(value, "dtype", None)
    name = f"{type(value).__name__} of {kind}" if kind is not None else type(value).__name__
    if type(value).__name__ in _TIMES or getattr(kind, "kind", "") in ("m", "M"):
        return _Refused(
            f"{name} is no value of a graph, which holds times as whole seconds since 1970",
            "Give int(time.timestamp()), or the text that is stored",
        )
    return _Refused(f"{name} is no value of a graph", "Give texts, numbers, truth values, or lists of one of them")
