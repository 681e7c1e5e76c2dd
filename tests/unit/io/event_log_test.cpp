#include "rondo/io/event_log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <vector>

#include "io/logs/event.hpp"
#include "io/logs/event_records.hpp"
#include "rondo/core/errors.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

using namespace std::string_literals;

MetricsLine line(std::int64_t step, const std::string& split, double loss) {
  return {{{"step", step},
           {"split", split},
           {"loss", loss},
           {"targets", std::int64_t{640}},
           {"ranks", std::vector{1.0}}}};
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(folder), {});
  std::ranges::sort(files);
  return files;
}

std::vector<Event> events_in(const std::filesystem::path& file) {
  const std::string bytes = read_bytes(file);
  std::string_view rest = bytes;
  std::vector<Event> events;
  while (const auto record = take_event_record(rest)) {
    const std::optional<Event> event = decode_event(*record);
    EXPECT_TRUE(event);
    events.push_back(event.value_or(Event{}));
  }
  EXPECT_TRUE(rest.empty()) << "a record is not whole";
  return events;
}

// What TensorBoard's own writer makes of these two.
TEST(EventRecords, AreTensorBoards) {
  EXPECT_EQ(event_record("rondo"), "\x05\0\0\0\0\0\0\0\xea\xb2\x04\x3erondo\x75\x61\x8b\x61"s);
  EXPECT_EQ(event_record(""), "\0\0\0\0\0\0\0\0\x29\x03\x98\x07\xd8\xea\x82\xa2"s);
}

TEST(EventRecords, AreTakenWhileTheyAreWholeAndSound) {
  const std::string good = event_record("one") + event_record("") + event_record("three");
  std::string_view rest = good;
  EXPECT_EQ(take_event_record(rest), "one");
  EXPECT_EQ(take_event_record(rest), "");
  EXPECT_EQ(take_event_record(rest), "three");
  EXPECT_EQ(take_event_record(rest), std::nullopt);

  const std::string one = event_record("one");
  for (std::size_t place = 0; place < one.size(); ++place) {
    std::string wrong = one;
    wrong[place] ^= 1;
    std::string_view file = wrong;
    EXPECT_EQ(take_event_record(file), std::nullopt) << place;
    EXPECT_EQ(file, wrong);
    file = std::string_view(one).substr(0, place);
    EXPECT_EQ(take_event_record(file), std::nullopt) << place;
  }
}

// What protoc --encode makes of `wall_time: 1.5 step: 300 summary { value { tag: "a/b"
// simple_value: -2 } future: 7 }`, a field that rondo does not know among them.
TEST(Event, IsProtobufs) {
  const std::string known =
      "\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02\x2a\x0c\x0a\x0a\x0a\x03\x61/b\x15\0\0\0\xc0"s;
  EXPECT_EQ(encode_event({.wall_time = 1.5, .step = 300, .scalars = {{"a/b", -2.0F}}}), known);
  const std::optional<Event> event = decode_event(known + "\xf8\x07\x07"s);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->wall_time, 1.5);
  EXPECT_EQ(event->step, 300);
  EXPECT_EQ(event->scalars, (std::vector<std::pair<std::string, float>>{{"a/b", -2.0F}}));
  for (std::size_t bytes = 10; bytes < known.size(); ++bytes) {
    const bool is_whole = bytes == 12;  // behind the step
    EXPECT_EQ(decode_event(known.substr(0, bytes)).has_value(), is_whole) << bytes;
  }
}

// The same of a file's first event and of a session's start; the end of a session is none.
TEST(Event, OfFilesAndSessionsIsProtobufs) {
  const std::string head = "\x09\0\0\0\0\0\0\xf8\x3f\x1a\x0d"s + "brain.Event:2";
  EXPECT_EQ(encode_event({.wall_time = 1.5, .file_version = "brain.Event:2"}), head);
  const std::string start = "\x09\0\0\0\0\0\0\xf8\x3f\x10\x15\x3a\x02\x08\x01"s;
  EXPECT_EQ(encode_event({.wall_time = 1.5, .step = 21, .starts = true}), start);
  for (const char status : {'\1', '\2'}) {
    const std::optional<Event> event = decode_event(start.substr(0, start.size() - 1) + status);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->step, 21);
    EXPECT_EQ(event->starts, status == 1);
  }
}

TEST(EventLog, HasTheNumbersOfALineUnderItsSplit) {
  const TemporaryFolder folder;
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  EventLog log(folder / "a/b", 0);
  EXPECT_EQ(log.append(line(10, "train", 2.5)), "");
  EXPECT_EQ(log.append(line(10, "validation", 2.25)), "");
  EXPECT_EQ(log.append({{{"step", std::int64_t{10}}, {"state_digest", "abc"s}}}), "");
  const auto files = files_in(folder / "a/b");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_TRUE(files[0].filename().string().starts_with("events.out.tfevents."));
  const std::vector<Event> events = events_in(files[0]);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].file_version, "brain.Event:2");
  EXPECT_EQ(events[1].step, 10);
  using Scalars = std::vector<std::pair<std::string, float>>;
  EXPECT_EQ(events[1].scalars, (Scalars{{"train/loss", 2.5F}, {"train/targets", 640.0F}}));
  EXPECT_EQ(events[2].scalars,
            (Scalars{{"validation/loss", 2.25F}, {"validation/targets", 640.0F}}));
  for (const Event& event : events) {
    EXPECT_GE(event.wall_time, std::chrono::duration<double>(before).count());
    EXPECT_LE(event.wall_time, std::chrono::duration<double>(before).count() + 600);
  }
}

// A run that was killed behind step 30, and goes on from its checkpoint of step 20, whose
// validation had been told but not saved.
TEST(EventLog, AResumedRunVoidsLaterStepsAndTellsNothingTwice) {
  const TemporaryFolder folder;
  {
    EventLog log(folder.path(), 0);
    for (const int step : {10, 20, 30}) {
      log.append(line(step, "train", 1));
      log.append(line(step, "validation", 1));
    }
  }
  {
    EventLog log(folder.path(), 20);
    log.append(line(20, "validation", 1));
    log.append(line(30, "train", 1));
    log.append(line(30, "validation", 1));
  }
  const auto files = files_in(folder.path());
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(events_in(files[0]).size(), 7U);  // the first one's, as it sorts before the other
  const std::vector<Event> events = events_in(files[1]);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[1].step, 21);
  EXPECT_TRUE(events[1].starts);
  EXPECT_EQ(events[2].step, 30);
  EXPECT_EQ(events[3].scalars[0].first, "validation/loss");
  EXPECT_EQ(events[3].step, 30);
}

// A run that is killed again and again: one validation stands in its first file alone; the other
// one was not told before the kill, though a report of its step was.
TEST(EventLog, AValidationIsToldUnlessAnyEarlierFileHasIt) {
  const TemporaryFolder folder;
  {
    EventLog log(folder.path(), 0);
    log.append(line(10, "train", 1));
    log.append(line(10, "validation", 1));
    log.append(line(20, "train", 1));
  }
  for (int kill = 0; kill < 2; ++kill) {
    EventLog log(folder.path(), 10);
    log.append(line(10, "validation", 1));
    log.append(line(20, "train", 1));
  }
  {
    EventLog log(folder.path(), 20);
    log.append(line(20, "validation", 1));
  }
  const auto files = files_in(folder.path());
  ASSERT_EQ(files.size(), 4U);
  for (const std::size_t again : {1, 2}) {
    const std::vector<Event> events = events_in(files[again]);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[2].scalars[0].first, "train/loss");
  }
  const std::vector<Event> events = events_in(files[3]);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].scalars[0].first, "validation/loss");
}

TEST(EventLog, AFolderOfAnotherRunIsRefused) {
  const TemporaryFolder folder;
  check_event_folder(folder / "new", true);
  check_event_folder(folder.path(), true);
  { const EventLog nothing_came(folder.path(), 0); }
  check_event_folder(folder.path(), true);
  EventLog(folder.path(), 0).append(line(1, "train", 1));
  check_event_folder(folder.path(), false);
  const std::string sentence =
      sentence_of<InputError>([&] { check_event_folder(folder.path(), true); });
  EXPECT_NE(sentence.find("event files of another run"), std::string::npos);
}

TEST(EventLog, AFolderThatCannotBeMadeIsTheUsersMistake) {
  const TemporaryFolder folder;
  write_bytes(folder / "file", "");
  EXPECT_THROW(check_event_folder(folder / "file", false), InputError);
  EXPECT_THROW(EventLog(folder / "file", 0), InputError);
  EXPECT_THROW(EventLog(folder / "file/below", 0), InputError);
}

TEST(EventLog, AFailedWriteIsReportedAndItsEventWaits) {
  const TemporaryFolder folder;
  EventLog log(folder.path(), 0);
  {
    const FailingDisk disk;
    file_system().pwrite = [](int file, const void* bytes, std::size_t size,
                              off_t offset) -> ssize_t {
      if (size > 3) return ::pwrite(file, bytes, size - 3, offset);
      errno = ENOSPC;
      return -1;
    };
    EXPECT_NE(log.append(line(1, "train", 1)).find("No space left"), std::string::npos);
  }
  EXPECT_EQ(log.append(line(2, "train", 1)), "");
  const std::vector<Event> events = events_in(files_in(folder.path())[0]);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].file_version, "brain.Event:2");
  EXPECT_EQ(events[1].step, 1);
  EXPECT_EQ(events[2].step, 2);
}

}  // namespace
}  // namespace rondo
