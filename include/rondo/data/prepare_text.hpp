// `rondo prepare --task text`: plain text files to a data set file (schema: text_dataset.hpp).
//
// Input is UTF-8. A byte order mark at a file's start is dropped, every other byte is kept: a
// carriage return is a character like any other. What a document is, of which none is empty:
//   files       a file; inside it form feeds end documents (they are not part of the text), or,
//   where
//               a separator is given, the lines that equal it (likewise)
//   lines       a line with its end; blank lines are not part of the text
//   paragraphs  what blank lines, which are not part of the text, or ends of files separate
//   stream      a split's whole text; a file whose last line has no end gets one
// A line is blank if it holds nothing but ASCII white space. Form feeds are characters like any
// other but for the first. A folder stands for all files below it, in bytewise order of their
// paths, without those whose name (or whose folder's name) starts with a dot; links are followed.
// "-" is standard input, which is kept in a hidden file beside the output meanwhile, since texts
// are read more than once.
//
// Splits without input files of their own are cut from the end of the inputs: ..., validation,
// test. From 20 documents on, whole documents are counted (share times documents, rounded, at least
// one); below that, the text is cut at the first end of a line at or behind the share's place;
// where this would leave a split empty, as in a text of one line, at a carriage return, else at
// ASCII white space, else between two characters.
//
// Level char: the vocabulary is every character of all splits, by count descending, then code point
// ascending: so nothing is unknown in validation and test.
//
// Level word: words stand between white space (and punctuation marks are words, if asked for:
// data/words.hpp); behind each line stands the word <eos>. The vocabulary is the train split's
// words, by count descending, then bytewise, as far as min_count and vocabulary_size allow, with
// <unk> for all others and <eos> always among them: a text that is cut into words already, like the
// Penn Treebank's or WikiText's, gets the vocabulary that is published for it.
//
// Level subword: pieces of words, learned from the train split by SentencePiece, as many as
// vocabulary_size allows; the 256 bytes are among them, so that nothing is unknown, and the text
// comes back as it was. What a piece may not reach across is said in src/data/levels/chunks.hpp.
//
// A vocabulary that is given, a data set's or a trained model's, is taken as it is, so that the
// model can be evaluated on the new text: characters that it lacks are refused, words are <unk>,
// subwords are spelled in bytes.
//
// Memory is bounded by the number of documents and of different words, not by the text: the files
// are streamed once to check and count, once to write, in between once more for words and twice for
// subwords, and, below 20 documents, once to find the cuts, or up to three times where lines do not
// give them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/data/vocabulary.hpp"

namespace rondo {

struct PrepareOptions {
  std::vector<std::filesystem::path> inputs;             // --input: files, folders or "-"
  std::vector<std::filesystem::path> validation_inputs;  // --validation-input; replaces the share
  std::vector<std::filesystem::path> test_inputs;        // --test-input; replaces the share
  std::filesystem::path output;                          // --output
  std::optional<std::string> level;  // --level: char, word or subword; the vocabulary's, else char
  double validation = 0.05;          // --validation: share of the inputs, 0: no such split
  double test = 0.05;                // --test: likewise
  // --documents: files, lines, paragraphs or stream
  std::string documents = "files";
  // --document-separator: of files: a line without its end
  std::optional<std::string> document_separator;
  // --vocabulary-from: the vocabulary to take, in place of the options that make one, and the name
  // that it has in messages and in the description.
  std::shared_ptr<const Vocabulary> vocabulary;
  std::filesystem::path vocabulary_from;
  // --vocabulary-size: level word: <unk> and <eos> included; all; level subword: 8,000
  std::optional<std::int64_t> vocabulary_size;
  // Level word:
  std::optional<std::int64_t> min_count;  // --min-count: occurrences a word needs; 1
  bool split_punctuation = false;         // --split-punctuation: marks are words
  // Level subword:
  std::optional<std::string> subword_model;  // --subword-model: bpe (the default) or unigram

  // Told what is done from now on, e.g. "counting words": some of it takes long.
  std::function<void(const std::string& work)> at_work = [](const std::string&) {};
};

struct PreparedSplit {
  std::string name;  // train, validation, test
  std::int64_t documents = 0;
  std::int64_t tokens = 0;
  std::int64_t characters = 0;
  std::int64_t unknown = 0;                                    // tokens that are <unk>
  std::int64_t targets() const { return tokens - documents; }  // a document's last is masked
};

struct PrepareSummary {
  std::int64_t files = 0;
  std::vector<std::filesystem::path> left_out;  // hidden ones, which were not read
  std::int64_t documents = 0;  // a document that is cut between two splits counts in both
  std::int64_t tokens = 0;
  std::int64_t characters = 0;
  LevelTraits level{};
  int vocabulary_size = 0;
  std::vector<PreparedSplit> splits;  // those that the data set has, in the order above
  std::string fingerprint;            // of the written file
};

// Writes options.output, or throws and leaves it as it was. InputError names file, line and byte
// offset of what is not UTF-8, and says what would be right for: no text, a missing file, a folder
// without files, a split that would be empty, an output that is an input or cannot be written, and
// input that changed while it was read.
PrepareSummary prepare_text(const PrepareOptions& options);

}  // namespace rondo
