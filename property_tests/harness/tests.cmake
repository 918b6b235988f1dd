# SPDX-License-Identifier: Apache-2.0
#
# What the tests of some harness folders need besides their sources. Included by property_tests/CMakeLists.txt.

# Ledger: the kinds of copy, compiled by g++ at -O2 and -O3 and by clang++ at -O2, whatever compiles the rest.
function(copycost_add_copy_kinds name compiler level)
  if(NOT compiler)
    message(STATUS "copycost: no compiler for the copy kinds ${name}: its column is not tested")
    return()
  endif()
  set(folder ${PROJECT_SOURCE_DIR}/property_tests/harness/ledger)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/copy_kinds_${name}.o)
  add_custom_command(OUTPUT ${object}
    COMMAND ${compiler} -std=c++20 ${level} -I${PROJECT_SOURCE_DIR} -Wall -Wextra -Wpedantic -Wconversion -Wshadow
      -Werror -DCOPY_KINDS_VARIANT=${name} "-DCOPY_KINDS_LEVEL=\"${level}\"" -c ${folder}/copy_kinds.cc -o ${object}
    DEPENDS ${folder}/copy_kinds.cc ${folder}/copy_kinds.h
    COMMENT "Building the copy kinds ${name}" VERBATIM)
  add_custom_target(copy_kinds_${name} DEPENDS ${object})
  add_dependencies(test_harness_ledger copy_kinds_${name})
  target_link_libraries(test_harness_ledger PRIVATE ${object})
endfunction()

if(TARGET test_harness_ledger)
  target_compile_definitions(test_harness_ledger PRIVATE COPYCOST_LEDGER=1 COPYCOST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  find_program(COPYCOST_GXX NAMES g++ x86_64-linux-gnu-g++)
  find_program(COPYCOST_CLANGXX NAMES clang++ clang++-14)
  copycost_add_copy_kinds(gxx_o2 "${COPYCOST_GXX}" -O2)
  copycost_add_copy_kinds(gxx_o3 "${COPYCOST_GXX}" -O3)
  copycost_add_copy_kinds(clangxx_o2 "${COPYCOST_CLANGXX}" -O2)
endif()

# Hooks: a library that binds to libc first.
if(TARGET test_harness_hooks)
  add_library(deep_bound MODULE harness/hooks/deep_bound.cc)
  add_dependencies(test_harness_hooks deep_bound)
  target_compile_definitions(test_harness_hooks PRIVATE COPYCOST_DEEP_BOUND="$<TARGET_FILE:deep_bound>")
endif()

# Core: what reads more than 4 GiB stands apart.
add_test(NAME large_input COMMAND test_harness_core [.large])
set_tests_properties(large_input PROPERTIES LABELS "slow" TIMEOUT 600)

# Clock: what the hook-free programs do inside a launch.
if(TARGET test_harness_clock)
  target_link_libraries(test_harness_clock PRIVATE copycost_launch)
endif()

# Recount: what asks and compares.
if(TARGET test_harness_recount)
  target_link_libraries(test_harness_recount PRIVATE copycost_recount_compare)
endif()

# Command line: the tests start the programs; those with heaptrack take long and stand apart.
if(TARGET test_harness_cli)
  add_dependencies(test_harness_cli programs)
  target_compile_definitions(test_harness_cli PRIVATE COPYCOST_LEDGER=1 COPYCOST_PROGRAM="$<TARGET_FILE:copycost>")
  if(COPYCOST_HOOKS)
    target_compile_definitions(test_harness_cli PRIVATE COPYCOST_HOOKS_LIBRARY="$<TARGET_FILE:copycost_hooks>")
  endif()
  if(COPYCOST_HOOKS)
    add_test(NAME heaptrack_agreement COMMAND test_harness_cli [heaptrack])
    set_tests_properties(heaptrack_agreement PROPERTIES LABELS "slow" TIMEOUT 600)
  endif()
endif()
