// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/error.h"

#include "scenarios/common/error.h"

namespace copycost::graph {
namespace {

constexpr error_table kErrors({error_row<errc>{errc::out_of_range, "position {at} of {expected}"},
                               {errc::too_large, "{got} bytes, limit {expected}"},
                               {errc::too_many_headers, "{got} headers, limit {expected}"},
                               {errc::out_of_memory, "{got} bytes"},
                               {errc::out_of_room, "{got} bytes asked for, left {expected}"},
                               {errc::names_full, "limit {expected}"},
                               {errc::full, ""},
                               {errc::empty, ""},
                               {errc::closed, ""},
                               {errc::late, ""},
                               {errc::bad_name, "at position {at}"},
                               {errc::duplicate_node, "node {at} has the name already"},
                               {errc::unknown_node, "edge {at}"},
                               {errc::unknown_port, "edge {at}"},
                               {errc::type_mismatch, "edge {at}"},
                               {errc::duplicate_edge, "edge {at} is the same"},
                               {errc::port_taken, "edge {at} ends there already"},
                               {errc::cycle, "through node {at}"},
                               {errc::unconnected_port, "port {got} of node {at}"},
                               {errc::empty_graph, ""},
                               {errc::bad_parameter, "got {got}, limit {expected}"},
                               {errc::node_failed, "node {at}, with {got}"},
                               {errc::not_running, ""},
                               {errc::not_paused, ""},
                               {errc::already_running, ""},
                               {errc::stopped, ""},
                               {errc::truncated_input, "at byte {at}: {got} bytes, expected {expected}"},
                               {errc::trailing_bytes, "at byte {at}"},
                               {errc::bad_magic, "got {got:#x}, expected {expected:#x}"},
                               {errc::unsupported_version, "got {got}, expected {expected}"},
                               {errc::bad_checksum, "expected CRC32C {expected:#x}, got {got:#x}"},
                               {errc::bad_length, "at byte {at}: got {got}, limit {expected}"},
                               {errc::bad_compression, "at byte {at}"},
                               {errc::bad_text, "at byte {at}"},
                               {errc::peer_gone, ""},
                               {errc::no_segment, "{reason}"},
                               {errc::broken_link, ""}});

}  // namespace

std::string_view to_string(errc code) { return kErrors.name(code); }
std::string to_string(const error& e) { return kErrors.text(e); }

}  // namespace copycost::graph
