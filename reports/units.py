# SPDX-License-Identifier: Apache-2.0
"""Numbers as people read them: three significant digits, the unit last. Pure functions."""
import math

_BYTES = (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))
_TIMES = (("s", 1e9), ("ms", 1e6), ("µs", 1e3))
_RATIO_LEAST = 0.001  # below, zeros are hard to count
_BYTE_KEYS = ("size", "frame", "payload", "bytes", "value", "record", "block", "message", "segment", "piece")


def digits(value, significant=3):
    """1.0366 -> "1.04", 22.14 -> "22.1", 310.2 -> "310", 1015.1 -> "1,015". Never an exponent."""
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    rounded = round(value, significant - 1 - magnitude)
    places = max(0, significant - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{places}f}"


def ratio(value):
    """A ratio to three digits, and a very small one as a part: 0.0106 -> "0.0106", 0.0000167 -> "1/59,900"."""
    return digits(value) if value >= _RATIO_LEAST else f"1/{digits(1 / value)}"


def short(value):
    """The same without trailing zeros, for the ticks of an axis: "10", "0.0625"."""
    text = digits(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value):
    """A count: without decimals when it has none, so that exact metrics look exact."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else digits(value)


def time(ns, show=digits):
    for unit, scale in _TIMES:
        if ns >= 0.9995 * scale:
            return f"{show(ns / scale)} {unit}"
    return f"{show(ns)} ns"


def short_time(ns):
    return time(ns, short)


def size(count):
    """A size that was set, exactly: 4 KiB, 1,000 B."""
    for unit, scale in _BYTES:
        if count >= scale and count % scale == 0:
            return f"{int(count // scale):,} {unit}"
    return f"{plain(count)} B"


def estimated_size(count):
    """A size that was worked out, to three digits: 1.12 KiB."""
    for unit, scale in _BYTES:
        if count >= 0.9995 * scale:
            return f"{digits(count / scale)} {unit}"
    return f"{digits(count)} B"


def is_size(key):
    return key in _BYTE_KEYS or key.endswith("_bytes")


def amount(key, value):
    """The value of a parameter: in bytes where the key names bytes."""
    if isinstance(value, str):
        return value
    return size(value) if is_size(key) else plain(value)


def estimated(key, value):
    """A place along a parameter that was worked out, between the values that were set."""
    return estimated_size(value) if is_size(key) else digits(value)


def share(part):
    """A fraction as a percentage: 0.021 -> "2.1 %"."""
    return f"{digits(100 * part, 2)} %"
