// SPDX-License-Identifier: Apache-2.0
//
// "Equal up to rounding" for checks, printed with both sides when it fails. Catch2 has one, under a different name in
// each major version and with a default of 1e-5 that hides small mistakes; this one asks for 1e-9.
#pragma once
#include <cmath>
#include <limits>
#include <ostream>

struct approx {
  explicit approx(double expected) : value(expected) {}
  approx epsilon(double wanted) const { return approx(value, wanted, absolute); }
  approx margin(double wanted) const { return approx(value, relative, wanted); }

  friend bool operator==(double seen, const approx& expected) {
    return std::abs(seen - expected.value) <= expected.absolute + expected.relative * std::abs(expected.value);
  }
  friend std::ostream& operator<<(std::ostream& out, const approx& expected) {
    const auto digits = out.precision(std::numeric_limits<double>::max_digits10);
    out << "about " << expected.value;
    out.precision(digits);
    return out;
  }

  double value, relative = 1e-9, absolute = 0;

 private:
  approx(double expected, double relative_, double absolute_)
      : value(expected), relative(relative_), absolute(absolute_) {}
};
