# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/base/input/input_door.cc": '#include "harness/base/input/input_door.h"\n'
                                            'int a() { return ::open("x", 0); }\n'},
    {"scenarios/chunk/judge.cc": '#include "harness/base/input/input.h"\n// open(in.name)\n'
                                 'auto n = in.bytes; w.open(); D::store::open(o);\n'},
    {"scenarios/raft/disk.cc": '#include "scenarios/raft/disk.h"\nint fd = ::open(path.c_str(), O_RDONLY);\n'},
    {"harness/clock/launch.cc": '#include "harness/base/input/input.h"\n'
                                'read_file(out);  // no input: what the launch answered\n'},
    {"harness/cli/command_list.cc": '#include "harness/cli/commands.h"\nif (o.inputs.empty()) keep(known);\n'},
]

BAD = [
    ({"scenarios/chunk/judge.cc": '#include "harness/base/input/input.h"\n'
                                 'int fd = ::open(in.name.c_str(), O_RDONLY);\n'},
     ["scenarios/chunk/judge.cc:2: open beside real input"]),
    ({"scenarios/raft/traffic/trace.cc": '#include "harness/base/input/input.h"\n\nstd::ifstream again(in.name);\n'},
     ["scenarios/raft/traffic/trace.cc:3: ifstream beside real input"]),
    ({"harness/clock/launch.cc": '#include "harness/base/input/input.h"\nset(read_file(p.input));\n'},
     ["harness/clock/launch.cc:2: read_file beside real input"]),
    ({"scenarios/chunk/workloads/lines.h": '#include "harness/base/input/input_door.h"\nauto in = read_input(name);\n'},
     ["scenarios/chunk/workloads/lines.h:2: read_input beside real input"]),
    ({"harness/cli/command_run.cc": '#include "harness/cli/commands.h"\nrequest.input = o.inputs[0];\n'},
     ["harness/cli/command_run.cc:2: the words of --input"]),
]
