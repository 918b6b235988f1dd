# SPDX-License-Identifier: Apache-2.0
#
# One line registers a system, one a design; a workload is one file of scenarios/<system>/workloads, and what several
# workloads need lies in workloads/parts. What only the judge needs lies in laws/ and judge/. From these lines
# the tables behind harness/core/registry.h are generated: nothing registers itself at run time.
#
#   copycost_add_system(chunk)
#   copycost_add_design(chunk slice)                          folder impls/chunk/slice
#   copycost_add_design(chunk absl_cord FIND absl LINK absl::cord)   only where CMake finds the package
#   copycost_add_design(event_store lmdb PKG lmdb)            only where pkg-config finds it; linked too
#   copycost_add_design(raft protobuf MODULE Protobuf PROTO a.proto)   only where CMake's own module finds it; the
#                                     classes of a.proto, which lies in the folder, are generated and linked: <a.pb.h>
#
# A design's folder holds design.h (struct <name>_design), promises.h (<name>_card()) and, if it needs them, .cc files.

# COPYCOST_SYSTEMS (a list; empty: all) says which of the systems are built. The lines of the others, and of their
# designs, are read and say nothing.

set(COPYCOST_SYSTEMS "" CACHE STRING "Systems that are built, a list; empty: all")

# Whether a system that has its line is built.
function(copycost_builds system out)
  get_property(built GLOBAL PROPERTY COPYCOST_BUILT)
  set(answer OFF)
  if(system IN_LIST built)
    set(answer ON)
  endif()
  set(${out} ${answer} PARENT_SCOPE)
endfunction()

function(copycost_add_system system)
  set(folder ${PROJECT_SOURCE_DIR}/scenarios/${system})
  foreach(file contract.h system.h facade.h laws/laws.h README.md)
    if(NOT EXISTS ${folder}/${file})
      message(FATAL_ERROR "copycost_add_system(${system}): there is no scenarios/${system}/${file}")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY COPYCOST_KNOWN ${system})
  if(NOT COPYCOST_SYSTEMS OR system IN_LIST COPYCOST_SYSTEMS)
    set_property(GLOBAL APPEND PROPERTY COPYCOST_BUILT ${system})
  endif()
endfunction()

# Called when every system has had its line.
function(copycost_check_systems)
  get_property(known GLOBAL PROPERTY COPYCOST_KNOWN)
  foreach(system IN LISTS COPYCOST_SYSTEMS)
    if(NOT system IN_LIST known)
      list(JOIN known ", " known)
      message(FATAL_ERROR "COPYCOST_SYSTEMS: there is no system '${system}'; there are: ${known}")
    endif()
  endforeach()
  get_property(built GLOBAL PROPERTY COPYCOST_BUILT)
  set(left_out ${known})
  list(REMOVE_ITEM left_out ${built})
  set_property(GLOBAL PROPERTY COPYCOST_LEFT_OUT ${left_out})
  if(left_out)
    list(JOIN built ", " built)
    list(JOIN left_out ", " left_out)
    message(STATUS "copycost: built: ${built}; left out: ${left_out}")
  endif()
endfunction()

# copycost_embed(source file): the source puts the file into the program (.incbin of COPYCOST_EMBEDDED_FILE) and is
# compiled again when it changes. Both are paths in scenarios/.
function(copycost_embed source file)
  set(folder ${PROJECT_SOURCE_DIR}/scenarios)
  if(NOT EXISTS ${folder}/${source} OR NOT EXISTS ${folder}/${file})
    message(FATAL_ERROR "copycost_embed(${source} ${file}): both must be in scenarios/")
  endif()
  set_source_files_properties(${folder}/${source} DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTIES
    COMPILE_DEFINITIONS "COPYCOST_EMBEDDED_FILE=\"${folder}/${file}\"" OBJECT_DEPENDS ${folder}/${file})
endfunction()

# The library of the classes of some .proto files, once however many designs ask for it. They are not ours: no warnings.
function(copycost_proto_library target folder)
  if(TARGET ${target})
    return()
  endif()
  set(out ${PROJECT_BINARY_DIR}/generated/proto)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  foreach(proto IN LISTS ARGN)
    string(REPLACE ".proto" ".pb" stem ${proto})
    add_custom_command(OUTPUT ${out}/${stem}.cc ${out}/${stem}.h DEPENDS ${folder}/${proto}
      COMMAND protobuf::protoc --proto_path=${folder} --cpp_out=${out} ${proto} COMMENT "Generating ${stem}.h" VERBATIM)
    list(APPEND sources ${out}/${stem}.cc ${out}/${stem}.h)
  endforeach()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
endfunction()

# A row of the table behind harness/core/libraries.h: what a peer is made of, by the first two numbers of its version.
function(copycost_says_library system name library version)
  string(REGEX MATCH "^[0-9]+(\\.[0-9]+)?" version "${version}")
  set_property(GLOBAL APPEND_STRING PROPERTY COPYCOST_LIBRARIES
    "    {\"${system}\", \"${name}\", \"${library}\", \"${version}\"},\n")
endfunction()

# copycost_add_design(system name [FOLDER path] [FIND package] [MODULE package] [PKG module] [LINK targets...]
#                     [PROTO files...])
function(copycost_add_design system name)
  cmake_parse_arguments(ARG "" "FOLDER;FIND;MODULE;PKG" "LINK;PROTO" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "copycost_add_design(${system} ${name}): what is '${ARG_UNPARSED_ARGUMENTS}'?")
  endif()
  get_property(known GLOBAL PROPERTY COPYCOST_KNOWN)
  if(NOT system IN_LIST known)
    message(FATAL_ERROR "copycost_add_design(${system} ${name}): there is no system '${system}'; there are: ${known}")
  endif()
  if(NOT ARG_FOLDER)
    set(ARG_FOLDER ${PROJECT_SOURCE_DIR}/impls/${system}/${name})
  endif()
  foreach(file design.h promises.h README.md)
    if(NOT EXISTS ${ARG_FOLDER}/${file})
      message(FATAL_ERROR "copycost_add_design(${system} ${name}): there is no ${ARG_FOLDER}/${file}")
    endif()
  endforeach()
  copycost_builds(${system} built)
  if(NOT built)
    return()
  endif()
  if(ARG_FIND OR ARG_MODULE OR ARG_PKG)
    set_property(GLOBAL PROPERTY COPYCOST_PACKAGE_${system}_${name} ON)
  endif()
  if(ARG_FIND)
    set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)  # the objects that link it are made in another directory
    find_package(${ARG_FIND} CONFIG QUIET)
    if(NOT ${ARG_FIND}_FOUND)
      message(STATUS "copycost: no package ${ARG_FIND}: the peer ${system}/${name} is left out")
      return()
    endif()
  endif()
  if(ARG_MODULE)
    set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
    find_package(${ARG_MODULE} MODULE QUIET)
    if(NOT ${ARG_MODULE}_FOUND)
      message(STATUS "copycost: no package ${ARG_MODULE}: the peer ${system}/${name} is left out")
      return()
    endif()
  endif()
  if(ARG_FIND OR ARG_MODULE)
    set(package ${ARG_FIND}${ARG_MODULE})
    string(TOLOWER ${package} library)
    copycost_says_library(${system} ${name} ${library} "${${package}_VERSION}")
  endif()
  if(ARG_PROTO)
    copycost_proto_library(copycost_proto_${system} ${ARG_FOLDER} ${ARG_PROTO})
    list(APPEND ARG_LINK copycost_proto_${system})
  endif()
  if(ARG_PKG)
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
      pkg_check_modules(${ARG_PKG} QUIET IMPORTED_TARGET GLOBAL ${ARG_PKG})
    endif()
    if(NOT ${ARG_PKG}_FOUND)
      message(STATUS "copycost: no package ${ARG_PKG}: the peer ${system}/${name} is left out")
      return()
    endif()
    # All objects are compiled with the flags of all peers: folders of what the package itself is made of (libzmq names
    # those of three others) would only make them differ from a build without the peer.
    set_target_properties(PkgConfig::${ARG_PKG} PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "" INTERFACE_COMPILE_OPTIONS "")
    list(APPEND ARG_LINK PkgConfig::${ARG_PKG})
    copycost_says_library(${system} ${name} ${ARG_PKG} "${${ARG_PKG}_VERSION}")
  endif()
  # Relative where it lies in this tree, so that copies of the tree share the compiler cache.
  cmake_path(IS_PREFIX PROJECT_SOURCE_DIR ${ARG_FOLDER} NORMALIZE in_tree)
  if(in_tree)
    file(RELATIVE_PATH ARG_FOLDER ${PROJECT_SOURCE_DIR} ${ARG_FOLDER})
  endif()
  set_property(GLOBAL APPEND PROPERTY COPYCOST_DESIGNS_${system} ${name})
  set_property(GLOBAL PROPERTY COPYCOST_FOLDER_${system}_${name} ${ARG_FOLDER})
  set_property(GLOBAL APPEND PROPERTY COPYCOST_DESIGN_LINKS ${ARG_LINK})
endfunction()

# Writes a file only when its content changes, so that nothing is rebuilt for nothing.
function(copycost_generate path content)
  file(GENERATE OUTPUT ${path} CONTENT "${content}")
  set_source_files_properties(${path} TARGET_DIRECTORY copycost_core PROPERTIES GENERATED TRUE)
endfunction()

# What is neither timed nor counted is compiled with less care, so that it is there sooner: laws and facades take a
# tenth less. clang and -O3 keep their own level.
function(copycost_sooner target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_BUILD_TYPE STREQUAL Release AND CMAKE_CXX_FLAGS_RELEASE MATCHES "-O2")
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

# The objects of all cells, twice: for the clock, and with counting for the ledger and the judge. The laws too, so that
# the clock's objects are asked as well: what is inline in a header must not be of one kind here and of the other there.
function(copycost_finish_registration)
  set(out ${PROJECT_BINARY_DIR}/generated)
  get_property(systems GLOBAL PROPERTY COPYCOST_BUILT)
  get_property(links GLOBAL PROPERTY COPYCOST_DESIGN_LINKS)
  set(start "// Generated by scripts/cmake/registration.cmake; do not edit.\n")
  set(table "${start}#include \"harness/ledger/witness/counters.h\"\n#include \"harness/core/registry.h\"\n")
  set(facades "${start}#include \"harness/judge/law.h\"\n")
  set(for_the_judge "/(laws|judge)/")
  file(GLOB_RECURSE shared_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/common/*.cc
    ${PROJECT_SOURCE_DIR}/impls/common/*.cc)
  set(judge_sources ${shared_sources})
  list(FILTER judge_sources INCLUDE REGEX "${for_the_judge}")
  set(cell_sources ${shared_sources})
  list(FILTER cell_sources EXCLUDE REGEX "${for_the_judge}")
  set(system_rows)
  set(facade_rows)
  set(law_rows)
  foreach(system IN LISTS systems)
    set(folder ${PROJECT_SOURCE_DIR}/scenarios/${system})
    file(GLOB workloads CONFIGURE_DEPENDS RELATIVE ${folder}/workloads ${folder}/workloads/*.h)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc ${PROJECT_SOURCE_DIR}/impls/${system}/common/*.cc)
    set(laws ${sources})
    list(FILTER laws INCLUDE REGEX "${for_the_judge}")
    list(APPEND judge_sources ${laws})
    list(FILTER sources EXCLUDE REGEX "${for_the_judge}")
    list(APPEND cell_sources ${sources})
    set(includes "")
    set(types "")
    set(entries "")
    foreach(workload IN LISTS workloads)
      string(REPLACE ".h" "" type ${workload})
      string(APPEND includes "#include \"scenarios/${system}/workloads/${workload}\"\n")
      string(APPEND types ", copycost::${system}::workloads::${type}")
      string(APPEND entries "template workload_entry workload_of<${system}::workloads::${type}>();\n")
    endforeach()
    copycost_generate(${out}/workloads_${system}.cc "${start}#include \"scenarios/common/register_workload.h\"
${includes}
namespace copycost {
${entries}}\n")
    list(APPEND cell_sources ${out}/workloads_${system}.cc)
    set(design_rows)
    get_property(designs GLOBAL PROPERTY COPYCOST_DESIGNS_${system})
    foreach(design IN LISTS designs)
      get_property(design_folder GLOBAL PROPERTY COPYCOST_FOLDER_${system}_${design})
      cmake_path(ABSOLUTE_PATH design_folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE design_path)
      file(GLOB_RECURSE design_sources CONFIGURE_DEPENDS ${design_path}/*.cc)
      list(APPEND cell_sources ${design_sources})
      copycost_generate(${out}/cells_${system}_${design}.cc "${start}#include \"${design_folder}/design.h\"
#include \"${design_folder}/promises.h\"
#include \"scenarios/common/register.h\"
${includes}
namespace copycost::generated {
const design_entry& ${system}_${design}() {
  static const design_entry entry = [] {
    design_entry card = ${system}::${design}_card();
    card.system = \"${system}\", card.name = \"${design}\";
    return registered<${system}::${design}_design${types}>(std::move(card));
  }();
  return entry;
}
}\n")
      list(APPEND cell_sources ${out}/cells_${system}_${design}.cc)
      copycost_generate(${out}/facade_${system}_${design}.cc "${start}#include \"${design_folder}/design.h\"
#include \"scenarios/${system}/facade.h\"
namespace copycost::generated {
std::unique_ptr<facade_base> ${system}_${design}_facade() { \
return ${system}::make_facade<${system}::${design}_design>(); }
}\n")
      list(APPEND judge_sources ${out}/facade_${system}_${design}.cc)
      string(APPEND table "namespace copycost::generated { const design_entry& ${system}_${design}(); }\n")
      string(APPEND facades
        "namespace copycost::generated { std::unique_ptr<facade_base> ${system}_${design}_facade(); }\n")
      string(APPEND design_rows "&generated::${system}_${design}(), ")
      string(APPEND facade_rows "    {\"${system}\", \"${design}\", &generated::${system}_${design}_facade},\n")
    endforeach()
    string(APPEND facades "#include \"scenarios/${system}/laws/laws.h\"\n")
    string(APPEND law_rows
      "    {\"${system}\", &${system}::laws, &${system}::verify_input, ${system}::kVerifyEncoded,\n"
      "     &${system}::refuses_input, &${system}::check_input, ${system}::kReadDirectory},\n")
    string(APPEND table "#include \"scenarios/${system}/system.h\"\n")
    string(APPEND system_rows "      {\"${system}\", ${system}::kAbout, {${design_rows}}, ${system}::kCeilings},\n")
  endforeach()
  copycost_generate(${out}/registry_table.cc "${table}
namespace copycost {
bool cells_count() { return kCounts; }
std::span<const system_entry> all_systems() {
  static const std::vector<system_entry> all = {
${system_rows}  };
  return all;
}
}\n")
  copycost_generate(${out}/facade_table.cc "${facades}
namespace copycost {
std::span<const facade_entry> all_facades() {
  static const facade_entry all[] = {
${facade_rows}  };
  return all;
}
std::span<const law_table> all_law_tables() {
  static const law_table all[] = {
${law_rows}  };
  return all;
}
}\n")
  get_property(library_rows GLOBAL PROPERTY COPYCOST_LIBRARIES)
  copycost_generate(${out}/library_table.cc "${start}#include \"harness/core/libraries.h\"
namespace copycost {
std::span<const peer_library> all_peer_libraries() {
  static const std::vector<peer_library> all = {
${library_rows}  };
  return all;
}
}\n")
  list(APPEND cell_sources ${out}/registry_table.cc ${out}/library_table.cc)
  list(APPEND judge_sources ${out}/facade_table.cc)

  foreach(kind clock ledger)
    add_library(copycost_cells_${kind} OBJECT ${cell_sources})
    target_link_libraries(copycost_cells_${kind}
      PUBLIC copycost_core copycost_limits copycost_options fmt::fmt ZLIB::ZLIB PkgConfig::ZSTD TBB::tbb PkgConfig::ZMQ
      ${links})
  endforeach()
  target_compile_definitions(copycost_cells_ledger PUBLIC COPYCOST_LEDGER=1)
  # Copies of constant size become calls where the compiler lets us, so that the interposed witness sees more of them.
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(copycost_cells_ledger PRIVATE -fno-builtin-memcpy -mstringop-strategy=libcall)
  endif()
  add_library(copycost_judge_cells OBJECT ${judge_sources})
  copycost_sooner(copycost_judge_cells)
  target_link_libraries(copycost_judge_cells PUBLIC copycost_cells_ledger rapidcheck)
  target_compile_definitions(copycost_judge_cells PUBLIC COPYCOST_LEDGER=1)
  add_library(copycost_judge_cells_clock OBJECT EXCLUDE_FROM_ALL ${judge_sources})
  target_link_libraries(copycost_judge_cells_clock PUBLIC copycost_cells_clock rapidcheck)
  copycost_add_programs()
endfunction()
