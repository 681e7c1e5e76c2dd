// A model that `rondo export --to c` has written to FOLDER/model.c, symbol after symbol:
//   cc -std=c99 -O3 -march=native -I FOLDER streaming_c.c -lm && ./a.out SECONDS
#include <stdlib.h>

#include "model.c"
#include "streaming_rate.h"

static model_state state;

static const double* step(int symbol) {
  static float output[MODEL_OUTPUTS];
  static double probabilities[MODEL_OUTPUTS];
  const model_input input = {symbol};
  model_step(&state, &input);
  model_output(&state, output);
  model_probabilities(output, probabilities);
  return probabilities;
}

int main(int argc, char** argv) {
  if (argc != 2) return 1;
  model_reset(&state);
  tell_rate(step, MODEL_OUTPUTS, strtod(argv[1], NULL));
  return 0;
}
