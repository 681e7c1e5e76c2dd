#include "io/logs/event.hpp"

#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>

namespace rondo {
namespace {

enum class EventField : protozero::pbf_tag_type {
  wall_time = 1,
  step = 2,
  file_version = 3,
  summary = 5,
  session_log = 7,
};
enum class SummaryField : protozero::pbf_tag_type { value = 1 };
enum class ValueField : protozero::pbf_tag_type { tag = 1, simple_value = 2 };
enum class SessionField : protozero::pbf_tag_type { status = 1 };

constexpr std::int32_t session_start = 1;

template <class Field>
using Builder = protozero::pbf_builder<Field>;
template <class Field>
using Reader = protozero::pbf_message<Field>;

std::pair<std::string, float> decode_scalar(protozero::data_view bytes) {
  std::pair<std::string, float> scalar;
  for (Reader<ValueField> value(bytes); value.next();) {
    if (value.tag() == ValueField::tag) {
      scalar.first = value.get_string();
    } else if (value.tag() == ValueField::simple_value) {
      scalar.second = value.get_float();
    } else {
      value.skip();
    }
  }
  return scalar;
}

Event decode(std::string_view bytes) {
  Event event;
  for (Reader<EventField> fields(bytes.data(), bytes.size()); fields.next();) {
    switch (fields.tag()) {
      case EventField::wall_time:
        event.wall_time = fields.get_double();
        break;
      case EventField::step:
        event.step = fields.get_int64();
        break;
      case EventField::file_version:
        event.file_version = fields.get_string();
        break;
      case EventField::summary:
        for (Reader<SummaryField> all(fields.get_message()); all.next(SummaryField::value);) {
          event.scalars.push_back(decode_scalar(all.get_view()));
        }
        break;
      case EventField::session_log: {
        Reader<SessionField> session(fields.get_message());
        event.starts = session.next(SessionField::status) && session.get_enum() == session_start;
        break;
      }
      default:
        fields.skip();
    }
  }
  return event;
}

}  // namespace

std::string encode_event(const Event& event) {
  std::string bytes;
  Builder<EventField> to(bytes);
  to.add_double(EventField::wall_time, event.wall_time);
  if (event.step != 0) to.add_int64(EventField::step, event.step);
  if (!event.file_version.empty()) to.add_string(EventField::file_version, event.file_version);
  if (event.starts) {
    Builder<SessionField> session(to, EventField::session_log);
    session.add_enum(SessionField::status, session_start);
  }
  if (!event.scalars.empty()) {
    Builder<SummaryField> summary(to, EventField::summary);
    for (const auto& [tag, number] : event.scalars) {
      Builder<ValueField> value(summary, SummaryField::value);
      value.add_string(ValueField::tag, tag);
      value.add_float(ValueField::simple_value, number);
    }
  }
  return bytes;
}

std::optional<Event> decode_event(std::string_view bytes) {
  try {
    return decode(bytes);
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

}  // namespace rondo
