// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/launch.h"
int main(int argc, char** argv) { return copycost::clock_main(argc, argv); }
