// When symbols were said, of labels that steps spell: as JSON, and as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rondo::apps {

// Of one sequence. Texts are UTF-8; steps are those of the data, from 0.
struct Aligned {
  std::vector<std::string> target;
  std::int64_t steps = 0;  // of the sequence
  std::vector<std::int64_t> first, last;
  std::vector<double> confidence;
};

// An object on a line: "target", "steps", and lists of "first", "last" and "confidence".
std::string alignment_line(const Aligned& aligned);
// And back.
Aligned aligned_in(const std::string& line);

// An SVG of itself, without scripts or fonts: of each sequence a bar of its steps, in which each
// symbol has the place where it was said, darker the surer it is.
std::string alignment_picture(const std::vector<Aligned>& sequences);
// The same as a part of a page (pictures/svg.hpp, in_page()).
std::string alignment_in_page(const std::vector<Aligned>& sequences, const std::string& id);

}  // namespace rondo::apps
