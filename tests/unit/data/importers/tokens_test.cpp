// Tables of tokens: conllu and conll.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../text_folder.hpp"
#include "rondo/data/prepare_table.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {
namespace {

using namespace std::string_view_literals;

class TokenFormats : public testing::Test {
 protected:
  TableOptions options(const std::string& name, std::string_view text,
                       const std::string& target) const {
    TableOptions made;
    made.task = "label";
    made.says = TableTargets::step_classes;
    made.inputs = {folder_.write(name, text)};
    made.targets = {target};
    made.validation = made.test = 0;
    made.output = folder_ / "out.rondo";
    return made;
  }
  std::string refusal(const TableOptions& wrong) const {
    const std::string said = folder_.refusal([&] { prepare_table(wrong); });
    EXPECT_NE(std::filesystem::exists(folder_ / "out.rondo"), !said.empty());
    return said;
  }
  std::string conllu(std::string_view text) const {
    return refusal(options("s.conllu", text, "upos"));
  }
  std::string conll(std::string_view text) const {
    TableOptions made = options("s.conll", text, "tag");
    made.column_names = {"word", "pos", "tag"};
    return refusal(made);
  }

  // "word/class word/class | word/class": the steps of a split's sequences.
  std::string told(const std::string& split, std::size_t target = 1) {
    const auto file = std::make_shared<DatasetReader>(folder_ / "out.rondo");
    const Columns columns = load_columns(file->small(), "out.rondo");
    const auto sequences = open_sequences(file, columns, split);
    const auto steps = static_cast<std::size_t>(sequences->starts().back());
    std::vector<std::int32_t> words(steps), classes(steps);
    sequences->read(0, 0, words);
    sequences->read(static_cast<int>(target), 0, classes);
    std::string text;
    for (std::size_t i = 0, sequence = 1; i < steps; ++i) {
      const bool begins = static_cast<std::int64_t>(i) == sequences->starts()[sequence];
      if (begins) ++sequence;
      text += begins ? " | " : i > 0 ? " " : "";
      text += columns[0].symbol_name(static_cast<std::size_t>(words[i])) + "/";
      text +=
          classes[i] < 0 ? "?" : columns[target].symbol_name(static_cast<std::size_t>(classes[i]));
    }
    return text;
  }

  test::TextFolder folder_;
};

// A word's line.
std::string word(const std::string& id, const std::string& form, const std::string& upos) {
  return id + "\t" + form + "\tlemma\t" + upos + "\tX\t_\t0\troot\t_\t_\n";
}

TEST_F(TokenFormats, conllu_has_sentences_of_words) {
  TableOptions made = options("s.conllu",
                              "# sent_id = 1\r\n# text = du chat\r\n" + word("1-2", "du", "_") +
                                  word("1", "de", "ADP") + word("2", "le chat", "NOUN") +
                                  word("2.1", "mange", "VERB") + "\r\n\r\n" +
                                  word("0.1", "il", "PRON") + word("1", "_", "PUNCT"),
                              "upos");
  made.test_inputs = {folder_.write("t.conllu", word("1", "le chat", "ADP") + "\n")};
  const TableSummary summary = prepare_table(made);
  EXPECT_EQ(told("train"), "de/ADP le chat/NOUN | _/PUNCT");
  EXPECT_EQ(told("test"), "le chat/ADP");
  EXPECT_EQ(summary.columns[0].kind, ColumnKind::word);
  EXPECT_EQ(summary.columns[0].group, "sentence");
  EXPECT_EQ(summary.columns[1].scope, ColumnScope::steps);
  EXPECT_EQ(summary.splits[0].classes[1], (std::vector<std::int64_t>{1, 1, 1, 0}));
  EXPECT_FALSE(summary.names_in_first_line);
}

TEST_F(TokenFormats, conllu_files_end_sentences_and_missing_classes_are_masked) {
  TableOptions made = options("s.conllu", word("1", "a", "X"), "upos");
  made.inputs.push_back(folder_.write("t.conllu", word("1", "b", "_") + word("2", "c", "Y")));
  EXPECT_EQ(
      refusal(made),
      "t.conllu, line 1, column 'upos': the value is missing: fill it in or leave the row out, "
      "or prepare what the network learns from with --missing mask");
  made.mask_missing = true;
  const TableSummary summary = prepare_table(made);
  EXPECT_EQ(told("train"), "a/X | b/? c/Y");
  EXPECT_EQ(summary.splits[0].classes[1], (std::vector<std::int64_t>{1, 1, 1}));
}

TEST_F(TokenFormats, rare_words_of_train_are_unknown) {
  TableOptions made =
      options("s.conllu", word("1", "a", "X") + word("2", "b", "Y") + word("3", "a", "X"), "upos");
  made.min_count = 2;
  prepare_table(made);
  EXPECT_EQ(told("train"), "a/X <unk>/Y a/X");
}

TEST_F(TokenFormats, conllu_names_file_and_line_of_what_is_wrong) {
  const std::string good = word("1", "a", "X"),
                    due = ": words are numbered from 1 on, and an empty line ends a sentence";
  EXPECT_EQ(conllu(""), "s.conllu is empty");
  EXPECT_EQ(conllu("# text = nothing\n\n"),
            "s.conllu holds no words: a line has one, with what belongs to it");
  EXPECT_EQ(conllu(good + "2\tb\tY\n"),
            "s.conllu, line 2 has 3 cells, and a word of CoNLL-U has ten, with tabs between them");
  EXPECT_EQ(conllu(good + "2 b b Y _ _ 0 root _ _\n"),
            "s.conllu, line 2 has 1 cells, and a word of CoNLL-U has ten, with tabs between them");
  EXPECT_EQ(conllu(good + word("two", "b", "Y")),
            "s.conllu, line 2, column 'id': \"two\" is neither the number of a word nor a range "
            "(1-2) nor an empty node (1.1)");
  EXPECT_EQ(conllu(good + word("2-", "b", "Y")),
            "s.conllu, line 2, column 'id': \"2-\" is neither the number of a word nor a range "
            "(1-2) nor an empty node (1.1)");
  EXPECT_EQ(conllu(good + word("1", "b", "Y")),
            "s.conllu, line 2, column 'id': 1 stands where 2 is due" + due);
  EXPECT_EQ(conllu(word("2", "b", "Y")),
            "s.conllu, line 1, column 'id': 2 stands where 1 is due" + due);
  EXPECT_EQ(conllu(good + word("3-4", "b", "_")),
            "s.conllu, line 2, column 'id': 3-4 stands where 2 is due" + due);
  EXPECT_EQ(conllu(good + word("2-1", "b", "_")),
            "s.conllu, line 2, column 'id': 2-1 stands where 2 is due" + due);
  EXPECT_EQ(conllu(good + word("2.1", "b", "Y")),
            "s.conllu, line 2, column 'id': 2.1 stands where 1.1 is due" + due);
  EXPECT_EQ(conllu(good + word("2", "", "Y")),
            "s.conllu, line 2, column 'form': the cell is empty: CoNLL-U writes _ for nothing");
  EXPECT_EQ(
      conllu(good + word("2", "b\xFF", "Y")),
      "s.conllu, line 2: byte 4 of the line is not valid UTF-8: convert the file first, where "
      "it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 s.conllu > s.utf8.conllu");
  EXPECT_EQ(conllu(good + word("2", std::string("b\0", 2), "Y")),
            "s.conllu, line 2: byte 4 of the line is NUL, which no text holds");
  EXPECT_EQ(conllu("\x1F\x8B\x08"),
            "s.conllu is compressed by gzip: unpack it first, with: gzip -dc s.conllu > "
            "s.utf8.conllu");
  EXPECT_EQ(conllu(good + word("2", "b", "X")),
            "s.conllu: all steps of the train split are of one class of the target 'upos', \"X\": "
            "there is nothing to tell apart");
  TableOptions made = options("s.conllu", good + word("2", "b", "Y"), "upos");
  made.test_inputs = {folder_.write("t.conllu", good + word("2", "b", "Z"))};
  EXPECT_EQ(
      refusal(made),
      "t.conllu, line 2, column 'upos': \"Z\" is none of the 2 classes that the train split has");
  made = options("s.conllu", good + word("2", "b", "Y"), "tag");
  EXPECT_EQ(refusal(made).substr(0, 51), "--target: there is no column \"tag\"; the columns are");
}

TEST_F(TokenFormats, conll_has_cells_between_blanks) {
  TableOptions made =
      options("s.conll", "-DOCSTART- -X- O\n\nEU NNP B-ORG\nrejects  VBZ\tO\n \n# NN O\r\n", "tag");
  made.column_names = {"word", "pos", "tag"};
  prepare_table(made);
  EXPECT_EQ(told("train", 2), "EU/B-ORG rejects/O | #/O");
  made.column_names.clear();
  made.sources = {"c1:word"};
  made.targets = {"c3"};
  prepare_table(made);
  EXPECT_EQ(told("train"), "EU/B-ORG rejects/O | #/O");
}

TEST_F(TokenFormats, conll_names_file_and_line_of_what_is_wrong) {
  EXPECT_EQ(conll(""), "s.conll is empty");
  EXPECT_EQ(conll("\n \n"), "s.conll holds no words: a line has one, with what belongs to it");
  EXPECT_EQ(conll("-DOCSTART- -X- O\n\n"),
            "s.conll holds no words: a line has one, with what belongs to it");
  EXPECT_EQ(conll("a X O\n\nb O\n"), "s.conll, line 3 has 2 cells, and there are 3 columns");
  EXPECT_EQ(conll("a X O O\n"), "s.conll, line 1 has 4 cells, and there are 3 columns");
  EXPECT_EQ(conll("a X O\nb\xE9 X B-x\n"),
            "s.conll, line 2: byte 2 of the line is not valid UTF-8: convert the file first, where "
            "it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 s.conll > s.utf8.conll");
  EXPECT_EQ(conll("a X O\nb\0 X B-x\n"sv),
            "s.conll, line 2: byte 2 of the line is NUL, which no text holds");
  EXPECT_EQ(conll("a X O\nb X O\n"),
            "s.conll: all steps of the train split are of one class of the target 'tag', \"O\": "
            "there is nothing to tell apart");
  TableOptions made = options("s.conll", "a O\nb X\n", "tag");
  made.column_names = {"word", "tag", "word"};
  EXPECT_EQ(refusal(made), "--columns names the column 'word' twice");
  made.column_names = {"sentence", "tag"};
  EXPECT_EQ(
      refusal(made),
      "--columns: 'sentence' is the column of the sentences' numbers, which is there already");
  made.column_names = {"word", "tag"};
  made.inputs.push_back(folder_.write("t.conll", "c O\nd X Y\n"));
  EXPECT_EQ(refusal(made), "t.conll, line 2 has 3 cells, and there are 2 columns");
  made.inputs.back() = folder_.write("t.conll", "\n");
  EXPECT_EQ(refusal(made), "t.conll holds no words: a line has one, with what belongs to it");
}

TEST_F(TokenFormats, a_group_that_is_named_goes_over_sentences) {
  TableOptions made = options("s.conll", "1 a X\n\n1 b Y\n\n2 c X\n", "tag");
  made.column_names = {"document", "word", "tag"};
  made.group = "document";
  made.sources = {"word"};
  prepare_table(made);
  EXPECT_EQ(told("train"), "a/X b/Y | c/X");
}

}  // namespace
}  // namespace rondo
