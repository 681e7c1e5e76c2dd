// N-grams in the ARPA format: probabilities computed by hand, backing off and not; files that are
// none; what texts of symbols and of words come to.
#include "tasks/decoding/language/ngrams.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/baselines/arpa_text.hpp"
#include "input_error.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/data/text_dataset.hpp"
#include "spelt_column.hpp"
#include "tasks/decoding/language/ngram_text_models.hpp"

namespace rondo {
namespace {

using tasks::Ngrams;
using test::error_of;

const std::string letters =
    "made by hand\n"
    "\n"
    "\\data\\\n"
    "ngram 1=5\n"
    "ngram 2=3\n"
    "ngram 3=1\n"
    "\n"
    "\\1-grams:\n"
    "-99\t<s>\t-0.5\n"
    "-0.8\t</s>\n"
    "-0.3\ta\t-0.25\n"
    "-0.6\tb\t-0.125\n"
    "-1.5\t<unk>\n"
    "\n"
    "\\2-grams:\n"
    "-0.2 <s> a -0.0625\n"
    "-0.7 a b -0.03125\n"
    "-0.9 b </s>\n"
    "\n"
    "\\3-grams:\n"
    "-0.1 <s> a b\n"
    "\n"
    "\\end\\\n";

// The logarithm to the base of 10 of a word behind others, which begin with <s>.
double log_10_of(const Ngrams& model, const std::vector<std::string>& before,
                 const std::string& word) {
  Ngrams::Context context = model.first();
  for (const std::string& each : before) context = model.after(context, model.word(each));
  const Ngrams::Found found = model.find(context);
  const double logarithm =
      word == "</s>" ? model.end(found) : model.log_probability(found, model.word(word));
  return logarithm / std::log(10.0);
}

TEST(Ngrams, BacksOffAsFarAsItMust) {
  const Ngrams model(letters, "letters.arpa");
  EXPECT_EQ(model.order(), 3);
  EXPECT_TRUE(model.is_of_characters());
  constexpr double near = 1e-12;
  EXPECT_NEAR(log_10_of(model, {}, "a"), -0.2, near);                     // <s> a
  EXPECT_NEAR(log_10_of(model, {}, "b"), -0.5 - 0.6, near);               // <s>, b
  EXPECT_NEAR(log_10_of(model, {"a"}, "b"), -0.1, near);                  // <s> a b
  EXPECT_NEAR(log_10_of(model, {"a"}, "a"), -0.0625 - 0.25 - 0.3, near);  // <s> a, a, a
  EXPECT_NEAR(log_10_of(model, {"b", "a"}, "b"), -0.7, near);             // b a is not listed: a b
  EXPECT_NEAR(log_10_of(model, {"a", "b"}, "</s>"), -0.03125 - 0.9, near);  // a b, b </s>
  EXPECT_NEAR(log_10_of(model, {"a", "b"}, "a"), -0.03125 - 0.125 - 0.3, near);
  EXPECT_NEAR(log_10_of(model, {"a", "z"}, "z"), -1.5, near);  // <unk> twice
}

TEST(Ngrams, RefusesWhatIsNoModel) {
  const auto error_with = [](const std::string& from, const std::string& to) {
    std::string text = letters;
    text.replace(text.find(from), from.size(), to);
    return error_of([&] { Ngrams(text, "bad.arpa"); });
  };
  const auto expect = [&](const std::string& from, const std::string& to,
                          const std::string& sentence) {
    const std::string error = error_with(from, to);
    EXPECT_EQ(error.rfind(sentence, 0), 0U) << error;
  };
  expect("\\data\\", "data", "bad.arpa is no ARPA file: there is no line \\data\\");
  expect("\\end\\\n", "", "bad.arpa is cut short: it ends behind line 22");
  expect("\\3-grams:\n-0.1 <s> a b\n\n\\end\\\n", "", "bad.arpa is cut short");
  expect("\\3-grams:\n-0.1 <s> a b\n\n", "", "bad.arpa, line 20: here \\3-grams: is to begin");
  expect("ngram 2=3", "ngram 2=4", "bad.arpa, line 20: 4 2-grams are announced, and there are 3");
  expect("ngram 2=3", "ngram 2=2",
         "bad.arpa, line 18: 2 2-grams are announced, and there are more");
  expect("ngram 2=3", "ngram 2=x", "bad.arpa, line 5: a count takes a whole number");
  expect("ngram 2=3\n", "", "bad.arpa, line 5: here the 2-grams are to be counted");
  expect("-0.7 a b", "nan a b", "bad.arpa, line 17: a logarithm takes");
  expect("-0.7 a b", "0.7 a b", "bad.arpa, line 17: no probability has a logarithm of 0.7");
  expect("-0.7 a b -0.03125", "-0.7 a", "bad.arpa, line 17: a 2-gram is a logarithm, 2 words");
  expect("-0.7 a b", "-0.7 a z", "bad.arpa, line 17: no 1-gram is \"z\"");
  expect("-0.7 a b", "-0.7 b </s>", "bad.arpa, line 18: the n-gram has stood before");
  EXPECT_EQ(error_of([] { Ngrams("", "empty.arpa"); }).rfind("empty.arpa is no ARPA file", 0), 0U);
}

// What a text of one lane comes to, with its end.
double log_10_of_text(tasks::TextModel& model, const std::vector<std::int32_t>& text,
                      std::size_t symbols) {
  std::vector<double> next(symbols);
  model.begin(1, 1);
  double sum = 0;
  const std::int32_t lane = 0;
  for (const std::int32_t symbol : text) {
    model.next(0, next);
    sum += next[static_cast<std::size_t>(symbol)];
    model.go_on({&lane, 1}, {&symbol, 1});
  }
  return (sum + model.end(0)) / std::log(10.0);
}

TEST(Ngrams, AddUpOverTheSymbolsOfAText) {
  const Column said = test::spelt_column({"a", "b"});
  const auto model = tasks::ngram_text_model(Ngrams(letters, "x"), said, "x");
  const std::size_t symbols = 4;  // with <unk> and <eos>
  EXPECT_NEAR(log_10_of_text(*model, {2, 3}, symbols), -0.2 - 0.1 - 0.03125 - 0.9, 1e-12);
  EXPECT_NEAR(log_10_of_text(*model, {}, symbols), -0.5 - 0.8, 1e-12);
  std::vector<double> next(symbols);
  model->begin(1, 1);
  model->next(0, next);
  EXPECT_EQ(next[0], tasks::impossible);  // what is never said
}

const std::string words =
    "\\data\\\n"
    "ngram 1=5\n"
    "ngram 2=2\n"
    "\\1-grams:\n"
    "-99 <s> -0.5\n"
    "-0.8 </s>\n"
    "-0.3 ab -0.25\n"
    "-0.6 ba\n"
    "-2 <unk>\n"
    "\\2-grams:\n"
    "-0.2 <s> ab\n"
    "-0.7 ab ba\n"
    "\\end\\\n";

TEST(Ngrams, OfWordsCountWhereAWordEnds) {
  const Column said = test::spelt_column({"a", "b", " "});
  const auto model = tasks::ngram_text_model(Ngrams(words, "x"), said, "x");
  const std::int32_t a = 2, b = 3, blank = 4;
  const auto of = [&](const std::vector<std::int32_t>& text) {
    return log_10_of_text(*model, text, 5);
  };
  EXPECT_NEAR(of({a, b}), -0.2 - 0.25 - 0.8, 1e-12);
  EXPECT_NEAR(of({a, b, blank, b, a}), -0.2 - 0.7 - 0.8, 1e-12);
  EXPECT_NEAR(of({blank, a, b, blank, blank, b, a, blank}), -0.2 - 0.7 - 0.8, 1e-12);
  EXPECT_NEAR(of({a, a}), -0.5 - 2 - 0.8, 1e-12);
  std::vector<double> next(5);
  model->begin(1, 1);
  const std::int32_t lane = 0;
  model->go_on({&lane, 1}, {&a, 1});
  model->next(0, next);
  EXPECT_EQ(next[static_cast<std::size_t>(b)], 0);
  EXPECT_NEAR(next[static_cast<std::size_t>(blank)], (-0.5 - 2) * std::log(10.0), 1e-12);
}

TEST(Ngrams, OfSymbolsKnowThemAll) {
  std::string without = letters;
  without.replace(without.find("ngram 1=5"), 9, "ngram 1=4");
  without.erase(without.find("-1.5\t<unk>\n"), 11);
  const Column said = test::spelt_column({"a", "b", " "});
  const auto open = [&](const std::string& text) {
    static_cast<void>(tasks::ngram_text_model(Ngrams(text, "x"), said, "x.arpa"));
  };
  EXPECT_EQ(error_of([&] { open(without); }),
            "x.arpa is an n-gram model that does not know \" \", which is among what is spelt: it "
            "would be called <space>");
  open(letters);  // there it is <unk>
  for (const char* name : {"<space>", "\u2581", "|"}) {
    std::string with = without;
    with.replace(with.find("\tb\t"), 3, std::string("\t") + name + "\t");
    for (std::size_t at = 0; (at = with.find(" b", at)) != std::string::npos; ++at) {
      with.replace(at, 2, std::string(" ") + name);
    }
    const Column two = test::spelt_column({"a", " "});
    const auto model = tasks::ngram_text_model(Ngrams(with, "x"), two, "x");
    EXPECT_NEAR(log_10_of_text(*model, {2, 3}, 4), -0.2 - 0.1 - 0.03125 - 0.9, 1e-12) << name;
  }
}

// What rondo counts says the same when it is read as when it is asked itself.
TEST(Ngrams, AreReadAsTheyWereCounted) {
  for (const bool of_characters : {true, false}) {
    Sentences sentences(of_characters);
    for (const char* line : {"to be or", "", "not to  be", " or not", "\u00fcber <s> be", "be"}) {
      sentences.add(line);
    }
    EXPECT_EQ(sentences.lines(), 5);
    for (const int order : {1, 2, 4}) {
      const Ngrams model(arpa_text(sentences, order), "counted");
      EXPECT_EQ(model.order(), order);
      EXPECT_EQ(model.is_of_characters(), of_characters);
      NgramModel counted(static_cast<int>(sentences.names().size()), order);
      counted.train(*make_memory_source(sentences.tokens(), sentences.starts()));
      const std::vector<std::vector<std::int32_t>> texts = {
          {0, 3, 4, 5, 4, 1}, {0, 4, 4, 1}, {0, 2, 5, 1}, {0, 1}};
      for (const std::vector<std::int32_t>& tokens : texts) {
        double sum = 0;
        Ngrams::Context context = model.first();
        for (std::size_t i = 1; i < tokens.size(); ++i) {
          const Ngrams::Found found = model.find(context);
          const std::string& name = sentences.names()[static_cast<std::size_t>(tokens[i])];
          sum -= name == "</s>" ? model.end(found) : model.log_probability(found, model.word(name));
          context = model.after(context, model.word(name));
        }
        const double loss = counted.evaluate(*make_memory_source(tokens, {0})).loss;
        EXPECT_NEAR(sum, loss * static_cast<double>(tokens.size() - 1), 1e-4) << order;
      }
    }
  }
  EXPECT_EQ(error_of([] { arpa_text(Sentences(true), 3); }),
            "there is no text to count n-grams in");
}

}  // namespace
}  // namespace rondo
