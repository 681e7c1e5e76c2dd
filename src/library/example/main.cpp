// follow RUN: reads steps from standard input, and answers each as it comes.
//
// A line is a step: for each input its number, or its symbol, with tabs between them; NaN for a
// number that is missing. An empty line ends a sequence. The first line of the output tells what is
// said, and each other one says it.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <rondo/rondo.hpp>
#include <sstream>
#include <stdexcept>

namespace {

double value_of(const std::string& cell, const rondo::ModelInput& input) {
  if (input.symbols.empty()) return std::stod(cell);
  const auto found = std::find(input.symbols.begin(), input.symbols.end(), cell);
  if (found == input.symbols.end()) {
    throw std::runtime_error("'" + cell + "' is no symbol of '" + input.name + "'");
  }
  return static_cast<double>(found - input.symbols.begin());
}

std::vector<double> values_of(const std::string& line, const rondo::Model& model) {
  std::istringstream cells(line);
  std::vector<double> values;
  for (const rondo::ModelInput& input : model.inputs()) {
    std::string cell;
    for (std::size_t i = 0; i < input.width && std::getline(cells, cell, '\t'); ++i) {
      values.push_back(value_of(cell, input));
    }
  }
  return values;  // too few are refused by the model
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("usage: follow RUN");
    rondo::Model model(argv[1]);
    for (const std::string& notice : model.notices()) std::cerr << notice << '\n';
    for (const std::string& name : model.outputs()) std::cout << name << '\t';
    std::cout << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      if (line.empty()) {
        model.reset();
        continue;
      }
      for (const double said : model.step(values_of(line, model))) std::printf("%.17g\t", said);
      std::puts("");
      std::fflush(stdout);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "follow: " << error.what() << '\n';
    return 1;
  }
}
