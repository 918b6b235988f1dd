// SPDX-License-Identifier: Apache-2.0
//
// Latencies of an open loop as JSON: what a launch found, cell by cell, so that those of all launches become one
// histogram, and the percentiles that a row shows.
//
// Threads: safe; pure functions.
// Cost: linear in the cells that are not empty.
#pragma once
#include "harness/base/json.h"
#include "harness/clock/histogram.h"

namespace copycost {

// {"min", "max", "overflow", "cells": [[cell, count], ...]}
json histogram_json(const latency_histogram& h);
// Throws failure{internal} for what histogram_json() does not write.
latency_histogram histogram_from(const json& text);
// {"count", "p50", ... "p99_99", "max", "overflow"}
json summary_json(const latency_summary& s);

}  // namespace copycost
