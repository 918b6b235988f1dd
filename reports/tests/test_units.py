# SPDX-License-Identifier: Apache-2.0
import random

import pytest

from reports import units


@pytest.mark.parametrize("value, text", [
    (0, "0"), (1.0366, "1.04"), (22.14, "22.1"), (310.2, "310"), (999.6, "1,000"), (1015.1, "1,020"),
    (0.0621, "0.0621"), (0.00009996, "0.000100"), (9.996, "10.0"), (-1.5, "-1.50"), (11300, "11,300"),
    (1e-7, "0.000000100")])
def test_digits(value, text):
    assert units.digits(value) == text


@pytest.mark.parametrize("value, text", [(22.14, "22.1"), (0.5, "0.500"), (0.0106, "0.0106"), (0.001, "0.00100"),
                                         (0.0000167, "1/59,900"), (0.00000023, "1/4,350,000")])
def test_small_ratios_are_parts(value, text):
    assert units.ratio(value) == text


def test_digits_are_within_half_of_the_last_one():
    numbers = random.Random(1)
    for _ in range(2000):
        value = 10 ** numbers.uniform(-6, 9)
        assert float(units.digits(value).replace(",", "")) == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize("value, text", [(10, "10"), (0.0625, "0.0625"), (100, "100"), (1.5, "1.5"), (1000, "1,000")])
def test_ticks_carry_no_zeros_of_their_own(value, text):
    assert units.short(value) == text


@pytest.mark.parametrize("ns, text", [(0.27, "0.270 ns"), (81.2, "81.2 ns"), (999.4, "999 ns"), (999.6, "1.00 µs"),
                                      (21500, "21.5 µs"), (6.57e6, "6.57 ms"), (2.5e9, "2.50 s")])
def test_time(ns, text):
    assert units.time(ns) == text


@pytest.mark.parametrize("count, text", [
    (0, "0 B"), (64, "64 B"), (1000, "1,000 B"), (1024, "1 KiB"), (1500, "1,500 B"), (65536, "64 KiB"),
    (1048576, "1 MiB"), (3 << 30, "3 GiB"), (100000, "100,000 B")])
def test_sizes_that_were_set_stay_exact(count, text):
    assert units.size(count) == text


@pytest.mark.parametrize("count, text", [
    (890.4, "890 B"), (2048, "2.00 KiB"), (1147, "1.12 KiB"), (1023.9, "1.00 KiB")])
def test_sizes_that_were_worked_out_have_three_digits(count, text):
    assert units.estimated_size(count) == text


def test_only_bytes_are_written_as_bytes():
    assert units.amount("size", 4096) == "4 KiB"
    assert units.amount("consumers", 4096) == "4,096"
    assert units.amount("mode", "view") == "view"


def test_share_and_plain():
    assert units.share(0.021) == "2.1 %"
    assert units.plain(4096.0) == "4,096"
    assert units.plain(1.5) == "1.50"
