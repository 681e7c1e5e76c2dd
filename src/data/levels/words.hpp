// What a word is, and how words become a text again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rondo {

inline constexpr std::string_view end_of_line_word = "<eos>";
inline constexpr std::string_view unknown_word = "<unk>";
inline constexpr std::size_t longest_word = 65536;  // bytes

enum class Splitting : std::uint8_t {
  // Words are what stands between white space: for texts that are cut into words already, as the
  // Penn Treebank and WikiText come.
  spaces,
  // Punctuation marks are words too, a run of the same mark one word: for ordinary prose. An
  // apostrophe or a hyphen between letters, and a full stop or a comma between digits, stay inside
  // their word.
  punctuation,
};

// Cuts text into words, piece by piece. White space is Unicode's. Behind each line comes the word
// <eos>, behind a document's last line too where no line end is there.
class WordScanner {
 public:
  explicit WordScanner(Splitting splitting) : splitting_(splitting) {}

  // Calls use(word) for each word that ends in `text`, which is whole code points; a word may go on
  // in the next piece. InputError for a word above longest_word.
  template <class Use>
  void feed(std::string_view text, Use&& use) {
    std::size_t start = 0;  // of the word that is being read
    for (std::size_t at = 0; at < text.size();) {
      const Space space = space_at(text, at);
      if (space.bytes == 0) {
        ++at;
        continue;
      }
      end_word(text.substr(start, at - start), use);
      if (space.ends_line) end_line(use);
      at += space.bytes;
      start = at;
    }
    keep(text.substr(start));
  }

  // The text ends, without a last <eos>.
  template <class Use>
  void finish(Use&& use) {
    end_word({}, use);
    line_holds_words_ = false;
  }
  // The document ends.
  template <class Use>
  void end_document(Use&& use) {
    end_word({}, use);
    if (line_holds_words_) end_line(use);
  }

 private:
  struct Space {
    std::size_t bytes = 0;  // of the white space that starts here; 0: none does
    bool ends_line = false;
  };
  static Space space_at(std::string_view text, std::size_t at);
  // Bytes of the first word of `chunk`, which is not empty and holds no white space.
  std::size_t first_word(std::string_view chunk) const;
  void keep(std::string_view part);

  template <class Use>
  void end_word(std::string_view part, Use&& use) {
    if (!kept_.empty()) {
      keep(part);
      part = kept_;
    }
    for (std::string_view rest = part; !rest.empty();) {
      const std::size_t length = first_word(rest);
      use(rest.substr(0, length));
      rest.remove_prefix(length);
      line_holds_words_ = true;
    }
    kept_.clear();
  }
  template <class Use>
  void end_line(Use&& use) {
    use(end_of_line_word);
    line_holds_words_ = false;
  }

  Splitting splitting_;
  std::string kept_;  // the beginning of a word that may go on in the next piece
  bool line_holds_words_ = false;
};

// Puts words together as people write them: no space before "," or "'s", none behind "(", quotation
// marks in pairs, WikiText's "@-@" as the hyphen that it was, <eos> as a line's end.
class Detokenizer {
 public:
  // The text that `word` adds, with the space before it where there is one.
  std::string add(std::string_view word);

 private:
  bool glued_ = true;         // no space before the next word
  bool quote_open_ = false;   // of "
  bool digits_last_ = false;  // the last word ends with a digit
  bool colon_last_ = false;   // the last word is a colon behind digits
};

}  // namespace rondo
