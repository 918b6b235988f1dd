// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/launch.h"
#include "harness/process/inherited.h"

int main(int argc, char** argv) {
  copycost::settle_inherited(argv, copycost::counted::maybe);
  return copycost::clock_main(argc, argv, COPYCOST_ALLOCATOR);
}
