// Files that are whole and well-formed, with content that no rondo writes: entries that are
// missing, swapped, of another type or shape, values that are not finite, configurations, counters
// and texts beyond reason. What a run cannot go on from is refused; nothing ends in more than a
// sentence.
#include <cmath>
#include <limits>

#include "real_files.hpp"

namespace rondo::damage {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();

class Absurd : public RealFiles {
 protected:
  fs::path written(const NamedState& state) {
    write_checkpoint(path("absurd.h5"), state);
    return path("absurd.h5");
  }
  void expect_refused(const NamedState& state, const std::string& what) {
    const fs::path file = written(state);
    inspecting_refuses(file);  // it may describe what nobody can resume
    model_refuses(file);
    EXPECT_TRUE(resuming_refuses(file)) << what;
  }
  // Accepted or refused, but nothing else.
  void expect_survived(const NamedState& state) {
    const fs::path file = written(state);
    inspecting_refuses(file);
    model_refuses(file);
    resuming_refuses(file);
  }
  NamedState with_configuration(const std::string& key, const std::string& value) const {
    NamedState state = state_;
    std::string& text = state.texts["configuration"];
    const std::size_t begin = text.find("\n" + key + " = ") + 1;
    text.replace(begin, text.find('\n', begin) - begin, key + " = " + value);
    return state;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [name, array] : state_.arrays()) all.push_back(name);
    return all;
  }
};

TEST_F(Absurd, TheGoodOneIsNone) {
  EXPECT_FALSE(resuming_refuses(path("good.h5")));
  EXPECT_FALSE(model_refuses(path("good.h5")));
  EXPECT_FALSE(inspecting_refuses(path("good.h5")));
}

TEST_F(Absurd, EntriesThatAreMissing) {
  for (const std::string& name : names()) {
    NamedState state = state_;
    state.arrays().erase(name);
    if (name == "progress/usual_losses") {
      expect_survived(state);  // older checkpoints have none
    } else {
      expect_refused(state, "without " + name);
    }
  }
  for (const auto& [name, text] : state_.texts) {
    NamedState state = state_;
    state.texts.erase(name);
    expect_survived(state);
  }
  NamedState state = state_;
  state.texts.erase("configuration");
  expect_refused(state, "without a configuration");
  expect_refused({}, "nothing");
}

TEST_F(Absurd, EntriesOfOtherTypesAndShapes) {
  for (const std::string& name : names()) {
    NamedState state = state_;
    NamedArray& array = state.arrays()[name];
    const ElementType before = array.type;
    array.type = size_of(before) == 8           ? ElementType::uint64
                 : before == ElementType::int32 ? ElementType::float32
                                                : ElementType::int32;
    expect_refused(state, name + " of another type");
    array.type = before;
    array.shape.push_back(1);
    expect_refused(state, name + " with a dimension more");
    array.shape = {0};
    array.bytes.clear();
    expect_refused(state, name + " without values");
  }
}

TEST_F(Absurd, EntriesThatAreSwapped) {
  const std::vector<std::string> all = names();
  int swaps = 0;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    NamedState state = state_;
    NamedArray& one = state.arrays()[all[i]];
    NamedArray& other = state.arrays()[all[i + 1]];
    if (one.type == other.type && one.shape == other.shape) continue;
    std::swap(one, other);
    expect_refused(state, all[i] + " and " + all[i + 1]);
    ++swaps;
  }
  EXPECT_GT(swaps, 15);
}

TEST_F(Absurd, ValuesThatAreNotFinite) {
  for (const std::string& name : names()) {
    if (state_.get(name).type != ElementType::float32) continue;
    for (const float value : {std::nanf(""), infinity}) {
      if (value == infinity && !name.starts_with("parameters/")) continue;
      NamedState state = state_;
      std::vector<std::byte>& bytes = state.arrays()[name].bytes;
      std::memcpy(bytes.data() + bytes.size() - sizeof value, &value, sizeof value);
      expect_refused(state, fmt::format("{} with {}", name, value));
    }
  }
}

TEST_F(Absurd, CountersOfNoRun) {
  for (const char* name :
       {"counters/step", "counters/window", "counters/update", "counters/skipped_in_a_row",
        "progress/best_step", "progress/good_step"}) {
    for (const std::int64_t value : {std::int64_t{-2}, std::int64_t{4}, huge, -huge}) {
      if (name == std::string("counters/step") && value == 4) continue;
      NamedState state = state_;
      state.arrays().erase(name);
      state.put_scalar<std::int64_t>(name, value);
      expect_refused(state, fmt::format("{} = {}", name, value));
    }
  }
}

TEST_F(Absurd, ConfigurationsBeyondTheState) {
  const std::pair<const char*, const char*> refused[] = {
      {"hidden", "65536"},   {"layers", "64"},     {"embedding", "65536"},
      {"lanes", "1000000"},  {"lanes", "16"},      {"block", "0"},
      {"block", "3"},        {"block", "1000000"}, {"cell", "gru"},
      {"cell", "x"},         {"optimizer", "sgd"}, {"precision", "double"},
      {"eval-lanes", "999"}, {"hidden", "1e9"},    {"hidden", "-1"},
      {"rate", "nan"},       {"window", "0"},      {"steps", "99999999999999999999"}};
  for (const auto& [key, value] : refused) {
    const NamedState state = with_configuration(key, value);
    if (key == std::string("block") && value == std::string("0")) {
      expect_survived(state);  // the largest divisor, as on the command line
    } else {
      expect_refused(state, fmt::format("{} = {}", key, value));
    }
  }
  for (const ConfigKey& key : config_keys()) {
    for (const std::string value : {"", "1e308", "[[[[", "\xff\xfe"}) {
      if (key.name == "run" || key.name == "data") continue;
      expect_survived(with_configuration(key.name, value));
    }
  }
}

TEST_F(Absurd, TextsBeyondReason) {
  const std::string nested = std::string(300000, '[') + std::string(300000, ']');
  const std::string objects = [] {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += "{\"a\":";
    return text;
  }();
  const std::string zeros(5000, '\0'), lines(1000000, '\n'), line(1000000, 'x');
  for (const std::string& text : {nested, objects, zeros, lines, line, std::string("\xC3\x28")}) {
    for (const char* name : {"numerics", "finished", "data_fingerprint", "task"}) {
      NamedState state = state_;
      state.texts[name] = text;
      expect_survived(state);
    }
    NamedState state = state_;
    state.texts["configuration"] = text;
    expect_refused(state, "a configuration of other text");
    expect_survived(with_configuration("window", text));
  }
}

class AbsurdData : public RealFiles {
 protected:
  // A data set with this small state, and as many tokens as the good one has.
  bool refused(const NamedState& small, ElementType type = ElementType::uint8, int token = 0,
               const std::string& split = "train") {
    const std::uint64_t count = data_.file().large("train/tokens").count;
    DatasetWriter writer(path("absurd.rondo"), small, {{split + "/tokens", type, count}});
    std::vector<std::byte> tokens(count * size_of(type));
    if (token != 0) std::memcpy(tokens.data(), &token, size_of(type));
    writer.append(0, tokens);
    writer.finish();
    inspecting_refuses(path("absurd.rondo"), {"--json", ""});
    return refuses([&] {
      const Dataset data(path("absurd.rondo"));
      data.file().verify(0, 1);
      const auto source = data.split("train");
      const TokenSource& tokens = dynamic_cast<const StreamWindows&>(*source).tokens();
      std::vector<std::int32_t> all(static_cast<std::size_t>(tokens.size()));
      tokens.read(0, all);
    });
  }
  NamedState small() const { return data_.file().small(); }
  NamedState with_documents(std::vector<std::int64_t> documents) const {
    NamedState state = small();
    state.arrays().erase("train/documents");
    state.put<std::int64_t>("train/documents", documents, {documents.size()});
    return state;
  }
  NamedState with_vocabulary(std::vector<std::int32_t> code_points) const {
    NamedState state = small();
    state.arrays().erase("vocabulary/code_points");
    state.put<std::int32_t>("vocabulary/code_points", code_points, {code_points.size()});
    return state;
  }
};

TEST_F(AbsurdData, TheGoodOneIsNone) { EXPECT_FALSE(refused(small())); }

TEST_F(AbsurdData, DocumentsOutOfOrderOrBeyondTheTokens) {
  const auto end = static_cast<std::int64_t>(data_.file().large("train/tokens").count);
  EXPECT_FALSE(refused(with_documents({0, 5, end})));
  for (const auto& documents : std::vector<std::vector<std::int64_t>>{{},
                                                                      {0},
                                                                      {end},
                                                                      {0, end + 1},
                                                                      {1, end},
                                                                      {0, 5, 5, end},
                                                                      {0, 9, 5, end},
                                                                      {0, end, end},
                                                                      {-1, end},
                                                                      {0, -5, end},
                                                                      {0, huge, end},
                                                                      {0, huge},
                                                                      {-huge, huge}}) {
    EXPECT_TRUE(refused(with_documents(documents))) << documents.size();
  }
}

TEST_F(AbsurdData, VocabulariesOfNoText) {
  for (const auto& code_points : std::vector<std::vector<std::int32_t>>{
           {}, {65, 65}, {-1}, {0xD800}, {0x110000}, {2147483647, -2147483647}}) {
    EXPECT_TRUE(refused(with_vocabulary(code_points))) << code_points.size();
  }
}

// Beside characters, which are not looked at then.
TEST_F(AbsurdData, VocabulariesOfNoWords) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("\n\n"), std::string("<unk>\n<eos>\na\na\n"),
        std::string("a\nb\n"), std::string("<unk>\n<eos>\na b\n"),
        std::string("<unk>\n<eos>\n\xff\n"), std::string(300000, '\n'),
        std::string(300000, 'x') + "\n<unk>\n<eos>\n"}) {
    NamedState state = small();
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    state.put<std::uint8_t>("vocabulary/words", bytes, {bytes.size()});
    state.put_scalar<std::uint8_t>("vocabulary/splits_punctuation", 0);
    EXPECT_TRUE(refused(state)) << text.size();
  }
}

TEST_F(AbsurdData, EntriesThatAreMissingOrOfOtherTypes) {
  for (const char* name : {"vocabulary/code_points", "train/documents"}) {
    NamedState state = small();
    state.arrays().erase(name);
    EXPECT_TRUE(refused(state)) << "without " << name;
    state = small();
    state.arrays()[name].type =
        size_of(state.get(name).type) == 8 ? ElementType::float64 : ElementType::float32;
    EXPECT_TRUE(refused(state)) << name << " of another type";
    state = small();
    state.arrays()[name].shape.push_back(1);
    EXPECT_TRUE(refused(state)) << name << " with a dimension more";
  }
  EXPECT_TRUE(refused(small(), ElementType::float32));
  EXPECT_TRUE(refused(small(), ElementType::int64));
  EXPECT_TRUE(refused(small(), ElementType::uint8, 0, "other"));
}

TEST_F(AbsurdData, TokensOutsideOfTheVocabulary) {
  EXPECT_TRUE(refused(small(), ElementType::uint8, 200));
  EXPECT_TRUE(refused(small(), ElementType::int32, -1));
  EXPECT_TRUE(refused(small(), ElementType::int32, 2147483647));
}

TEST_F(AbsurdData, DescriptionsBeyondReason) {
  for (const std::string& text :
       {std::string(300000, '[') + std::string(300000, ']'),
        std::string("{\"task\":1,\"level\":[]}"),
        "{\"a\":" + std::string(300000, '[') + std::string(300000, ']') + "}",
        std::string("\xff")}) {
    NamedState state = small();
    state.texts["description"] = text;
    EXPECT_FALSE(refused(state));
  }
}

}  // namespace
}  // namespace rondo::damage
