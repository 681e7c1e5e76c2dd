// TensorBoard's events, as far as rondo writes and reads them: messages of protobuf's, whose fields
// are numbered as in tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo {

struct Event {
  double wall_time = 0;  // seconds since 1970
  std::int64_t step = 0;
  // Of these an event has one.
  std::string file_version = {};
  bool starts = false;  // a session that goes on at this step: what was said of later ones is void
  std::vector<std::pair<std::string, float>> scalars = {};  // by their tags
};

std::string encode_event(const Event& event);
// Nothing where the bytes are no event. Fields that rondo does not write are passed over.
std::optional<Event> decode_event(std::string_view bytes);

}  // namespace rondo
