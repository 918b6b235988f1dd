# SPDX-License-Identifier: Apache-2.0
#
# Designs that live outside of this tree. A project of its own says
#
#   cmake_minimum_required(VERSION 3.25)
#   project(mine CXX)
#   find_package(copycost REQUIRED)          # cmake -Dcopycost_DIR=<the clone>/scripts/cmake
#   copycost_add_design(chunk mine mine)     # folder mine: design.h, promises.h, README.md, and sources if there are
#                                            # any
#   copycost_build()                         # last: CMake allows no folder to be added behind a project's back
#
# and gets copycost with that design in it: all laws, all workloads, the ledger and the report. The programs are in
# <build directory>/copycost. Options behind the folder are those of registration.cmake (FIND, PKG, LINK).
get_filename_component(COPYCOST_TREE ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)

function(copycost_add_design system name folder)
  get_filename_component(folder ${folder} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(file design.h promises.h README.md)
    if(NOT EXISTS ${folder}/${file})
      message(FATAL_ERROR "copycost_add_design(${system} ${name}): there is no ${folder}/${file}")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY COPYCOST_GUESTS ${name})
  set_property(GLOBAL PROPERTY COPYCOST_GUEST_${name} ${system} ${name} FOLDER ${folder} ${ARGN})
endfunction()

# The tree itself, which takes the guests in (impls/CMakeLists.txt).
function(copycost_build)
  set(COPYCOST_TESTS OFF CACHE BOOL "Build the tests")
  add_subdirectory(${COPYCOST_TREE} copycost)
endfunction()
set(copycost_FOUND TRUE)
