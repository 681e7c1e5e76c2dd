// --config and --sweep files: text in, names and values out; which names there are is options.cpp's
// business.
//
// A line is "name = value", empty, or a comment. "#" begins a comment at the beginning of a line or
// behind white space, and is an ordinary character elsewhere: "run = runs/lr#1" means what it says.
// White space around names and values does not count. Lines end as on Unix, Windows or old
// Macintoshes; a UTF-8 byte order mark in front is passed over.
#pragma once

#include <string>
#include <vector>

namespace rondo::apps {

struct ConfigLine {
  std::string name;
  std::string value;  // may be empty
  std::string where;  // "run.conf line 3: "
};

// Of `option` ("--config"). InputError names the file, and the line that is none of the three. Of
// what is no regular file (a pipe, as in `--config <(command)`) the end must come within a
// megabyte, and no pause be longer than 10 s.
std::vector<ConfigLine> read_config_file(const std::string& option, const std::string& path);

// Whether a value stands in quotes, which no value needs.
bool in_quotes(const std::string& value);

}  // namespace rondo::apps
