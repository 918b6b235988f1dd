# SPDX-License-Identifier: Apache-2.0
import json

WHERE = "scenarios/graph/claims.json"
TREE = {"impls/graph/copy/design.h": "", "scenarios/graph/workloads/hop.h": "",
        "scenarios/graph/laws/naming.cc": 'law_of<a_name>("...")\n'}
GOOD_CLAIM = {"id": "C-001-1", "kind": "copies", "claim": "a hop copies nothing",
              "experiment": {"workload": "hop", "metric": "payload_bytes_copied_per_op", "of": ["copy"]},
              "holds": {"at_most": 0}}


def with_claims(*claims):
    return {**TREE, WHERE: json.dumps({"claims": claims})}


def changed(experiment=None, **others):
    claim = {**GOOD_CLAIM, "experiment": {**GOOD_CLAIM["experiment"], **(experiment or {})}, **others}
    return with_claims({key: value for key, value in claim.items() if value is not None})


GOOD = [
    with_claims(),
    with_claims(GOOD_CLAIM),
    with_claims({"id": "C-001-1", "kind": "statement", "claim": "c", "not_testable": "names nothing to measure"}),
    with_claims({"id": "C-001-1", "kind": "behaviour", "claim": "c", "experiment": {"law": "a_name", "of": ["copy"]},
                 "holds": {"verdict": "holds"}}),
    changed({"workload": "chain"}, waits_for="workloads chain and modes"),
    changed({"over": {"workload": "chain"}}, waits_for="workload chain"),
    changed(holds={"at_least": 1, "at_most": 2}),
]

BAD = [
    ({WHERE: "{"}, [f"{WHERE}:1: is not an object with a list of claims"]),
    ({WHERE: "{}"}, [f"{WHERE}:1: is not an object with a list of claims"]),
    (with_claims({**GOOD_CLAIM, "id": "C-001-2"}), [f"{WHERE}:1: claim 1 is called C-001-2"]),
    (changed(claim=None), [f"{WHERE}:1: needs a `claim` and a `kind`"]),
    (changed(kind="guess"), [f"{WHERE}:1: needs a `claim` and a `kind`"]),
    (changed(verdict="confirmed"), [f"{WHERE}:1: has a verdict"]),
    (changed(not_testable="too hard"), [f"{WHERE}:1: needs either an `experiment` or the reason"]),
    (with_claims({"id": "C-001-1", "kind": "time", "claim": "c"}), [f"{WHERE}:1: needs either"]),
    (changed({"where": 1}), [f"{WHERE}:1: `where` is no part of an experiment"]),
    (changed({"limit": "memcpy_hot"}), [f"{WHERE}:1: asks one `workload`, `limit` or `law`"]),
    (with_claims({"id": "C-001-1", "kind": "behaviour", "claim": "c", "experiment": {"law": "no_such"},
                  "holds": {"verdict": "holds"}}), [f"{WHERE}:1: there is no law no_such"]),
    (with_claims({"id": "C-001-1", "kind": "behaviour", "claim": "c", "experiment": {"law": "a_name"},
                  "holds": {"at_most": 1}}), [f"{WHERE}:1: a law decides by"]),
    (changed({"metric": "speed"}), [f"{WHERE}:1: `speed` is no metric of a row"]),
    (changed(holds={}), [f"{WHERE}:1: `holds` is"]),
    (changed(holds={"at_least": 2, "at_most": 1}), [f"{WHERE}:1: `holds` is"]),
    (changed({"of": ["mine"]}), [f"{WHERE}:1: there is no design mine"]),
    (changed({"workload": "chain"}), [f"{WHERE}:1: there is no workload chain"]),
    (changed({"over": {"workload": "chain"}}, waits_for="workload modes"), [f"{WHERE}:1: there is no workload chain"]),
]
