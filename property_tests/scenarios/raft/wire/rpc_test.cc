// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/rpc.h"

#include <random>
#include <string>

#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> list) {
  std::vector<std::byte> out;
  for (const int b : list) out.push_back(static_cast<std::byte>(b));
  return out;
}
template <class Envelope>
std::vector<std::byte> encoded(const Envelope& e) {
  std::vector<std::byte> out;
  encode(e, out);
  REQUIRE(out.size() == encoded_size(e));
  return out;
}

TEST_CASE("raft rpc: a successful response is 01 00 00, a failure carries its text") {
  CHECK(encoded(rpc_response{}) == bytes({1, 0, 0}));
  CHECK(encoded(rpc_response{false, {}, "no"}) == bytes({0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 'n', 'o'}));
  const auto abc = bytes({'a'});
  CHECK(encoded(rpc_response{true, bytes_view(abc), {}}) == bytes({1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 'a', 0}));
}

TEST_CASE("raft rpc: a raft message as a request costs 40 bytes") {
  const auto payload = bytes({7, 8, 9});
  const auto out = encoded(rpc_request{kRaftService, kMessageMethod, payload});
  REQUIRE(out.size() == payload.size() + 40);
  auto expected = bytes({4,   0,   0,   0,   0,   0,   0,   0,   'r', 'a', 'f', 't', 12, 0, 0, 0, 0, 0, 0, 0, 'r', 'a',
                         'f', 't', '.', 'm', 'e', 's', 's', 'a', 'g', 'e', 3,   0,   0,  0, 0, 0, 0, 0, 7, 8, 9});
  CHECK(out == expected);
  auto back = parse_request(out);
  REQUIRE(back);
  CHECK(back->service == "raft");
  CHECK(back->method == "raft.message");
  CHECK(back->payload.data() == out.data() + 40);
}

TEST_CASE("raft rpc: any prefix and any bytes behind are refused, with the byte") {
  const auto payload = bytes({1, 2, 3, 4});
  auto request = encoded(rpc_request{"s", "method", payload});
  auto response = encoded(rpc_response{false, bytes_view(payload), "broken"});
  for (std::size_t n = 0; n < request.size(); ++n) {
    auto r = parse_request(bytes_view(request).first(n), 1000);
    REQUIRE_FALSE(r);
    CHECK(r.error().code == errc::malformed_envelope);
    CHECK((r.error().at >= 1000 && r.error().at <= 1000 + n));
  }
  for (std::size_t n = 0; n < response.size(); ++n) CHECK_FALSE(parse_response(bytes_view(response).first(n)));
  request.push_back({});
  response.push_back({});
  CHECK(parse_request(request).error().at == request.size() - 1);
  CHECK(parse_response(response, 5).error().at == 5 + response.size() - 1);
}

TEST_CASE("raft rpc: flags other than 0 and 1, lengths beyond the end, text that is none") {
  CHECK(parse_response(bytes({2, 0, 0})).error().at == 0);
  CHECK(parse_response(bytes({1, 2, 0})).error().at == 1);
  CHECK(parse_response(bytes({1, 0, 255})).error().at == 2);
  CHECK(parse_response(bytes({1, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0})).error().at == 2);
  CHECK(parse_response(bytes({0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 'x', 0xFF})).error().at == 12);
  CHECK(parse_request(bytes({0, 0, 0, 0, 0, 0, 0, 0x80})).error().at == 0);
}

TEST_CASE("raft rpc: what was encoded is decoded, and mutated input never crashes") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> payload(random() % 100);
    for (auto& b : payload) b = static_cast<std::byte>(random());
    const std::string service(random() % 9, 's'), method(random() % 20, 'm');
    auto out = encoded(rpc_request{service, method, payload});
    auto back = parse_request(out);
    REQUIRE(back);
    CHECK((back->service == service && back->method == method));
    CHECK(std::vector(back->payload.begin(), back->payload.end()) == payload);
    const rpc_response response{random() % 2 == 0,
                                random() % 2 == 0 ? std::optional<bytes_view>(payload) : std::nullopt,
                                random() % 2 == 0 ? std::optional<std::string_view>(method) : std::nullopt};
    auto answer = encoded(response);
    auto parsed = parse_response(answer);
    REQUIRE(parsed);
    CHECK(parsed->success == response.success);
    CHECK(parsed->error_text == response.error_text);
    CHECK(parsed->payload.has_value() == response.payload.has_value());
    CHECK(encoded(*parsed) == answer);
    out[random() % out.size()] = static_cast<std::byte>(random());
    answer[random() % answer.size()] = static_cast<std::byte>(random());
    if (auto again = parse_request(out)) CHECK(encoded(*again) == out);
    if (auto again = parse_response(answer)) CHECK(encoded(*again) == answer);
  }
}

}  // namespace
}  // namespace copycost::raft
