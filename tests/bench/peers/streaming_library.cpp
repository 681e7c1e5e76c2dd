// peers_streaming RUN SECONDS: a model of texts in rondo's library, symbol after symbol.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

#include "rondo/rondo.hpp"
#include "streaming_rate.h"

namespace {

std::unique_ptr<rondo::Model> model;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  try {
    model = std::make_unique<rondo::Model>(argv[1]);
    const auto step = [](int symbol) { return model->step(symbol).data(); };
    tell_rate(step, static_cast<int>(model->outputs().size()), std::strtod(argv[2], nullptr));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
