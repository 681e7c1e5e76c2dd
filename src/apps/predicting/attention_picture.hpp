// What a model looked at while it said something: as JSON, and as a picture.
#pragma once

#include <string>
#include <vector>

namespace rondo::apps {

// Of one sequence. Texts are UTF-8.
struct LookedAt {
  std::vector<std::string> source;          // symbols that were read
  std::vector<std::string> target;          // that were said, the end not among them
  std::vector<std::vector<float>> weights;  // [target, the end at last][source]
};

// An object on a line: "source", "target", "weights", a list for each target symbol and the end.
std::string attention_line(const LookedAt& looked);
// And back.
LookedAt looked_at(const std::string& line);

// An SVG of itself, without scripts or fonts: for each sequence a table of squares, the source
// along the top, the target down the side, darker where more was looked at; the strongest of each
// row has a frame. Wide tables stand below one another, narrow ones side by side.
std::string attention_picture(const std::vector<LookedAt>& sequences);
// The same as a part of a page (pictures/svg.hpp, in_page()).
std::string attention_in_page(const std::vector<LookedAt>& sequences, const std::string& id);

}  // namespace rondo::apps
