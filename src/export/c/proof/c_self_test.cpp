#include "export/c/proof/c_self_test.hpp"

#include <fmt/format.h>

#include <cmath>

#include "export/c/words/c_values.hpp"

namespace rondo {
namespace {

std::string value_text(const tasks::GivenValue& value, bool is_real) {
  if (!is_real) return fmt::format("{}", value.symbol);
  std::string numbers;
  for (const double number : value.numbers) {
    numbers += (numbers.empty() ? "" : ", ") + (std::isnan(number) ? "NAN" : c_number(number));
  }
  return "{" + numbers + "}";
}

std::string steps_text(const CModel& model, const CGolden& golden) {
  std::string text =
      fmt::format("static const @_input @_golden_steps[{}] = {{\n", golden.steps.size());
  for (const auto& step : golden.steps) {
    std::string values;
    for (std::size_t i = 0; i < step.size(); ++i) {
      values += (i == 0 ? "" : ", ") + value_text(step[i], model.inputs[i].column->is_real());
    }
    text += "  {" + values + "},\n";
  }
  return text + "};\n";
}

constexpr const char* of_steps = R"(
/* Outputs that differ from rondo's in any bit. */
static int @_differences(void)
{
  const int steps = (int)(sizeof @_golden_steps / sizeof *@_golden_steps);
  const int rows = (int)(sizeof @_golden_outputs / sizeof *@_golden_outputs) / @@_OUTPUTS;
  int round, t, i, different = 0;
  static @_state state;
  static float output[@@_OUTPUTS];
  for (round = 0; round < 2; ++round) {
    @_reset(&state);
    for (t = 0; t < steps; ++t) {
      @_step(&state, @_golden_steps + t);
      if (t < steps - rows) continue;
      @_output(&state, output);
      for (i = 0; i < @@_OUTPUTS; ++i) {
        const float golden = @_golden_outputs[(t - (steps - rows)) * @@_OUTPUTS + i];
        different += memcmp(output + i, &golden, sizeof golden) != 0;
      }
    }
  }
  return different;
}

)";

constexpr const char* of_sequences = R"(
/* Outputs that differ from rondo's in any bit. */
static int @_differences(void)
{
  const int steps = (int)(sizeof @_golden_steps / sizeof *@_golden_steps);
  const int outputs = (int)(sizeof @_golden_outputs / sizeof *@_golden_outputs);
  int round, i, different = 0;
  static float work[@@_WORK(sizeof @_golden_steps / sizeof *@_golden_steps)];
  static float output[sizeof @_golden_outputs / sizeof *@_golden_outputs];
  for (round = 0; round < 2; ++round) {
    @_sequence(@_golden_steps, steps, work, output);
    for (i = 0; i < outputs; ++i) different += memcmp(output + i, @_golden_outputs + i, sizeof *output) != 0;
  }
  return different;
}

)";

constexpr const char* of_answers = R"(
/* Outputs that differ from rondo's in any bit. */
static int @_differences(void)
{
  const int steps = (int)(sizeof @_golden_steps / sizeof *@_golden_steps);
  const int said = (int)(sizeof @_golden_said / sizeof *@_golden_said);
  int round, t, i, different = 0;
  static float work[@@_WORK(sizeof @_golden_steps / sizeof *@_golden_steps)];
  static @_state state;
  static float output[@@_OUTPUTS];
  for (round = 0; round < 2; ++round) {
    @_begin(&state, @_golden_steps, steps, work);
    for (t = 0; t < said; ++t) {
      @_step(&state, @_golden_said[t]);
      @_output(&state, output);
      for (i = 0; i < @@_OUTPUTS; ++i) {
        const float golden = @_golden_outputs[t * @@_OUTPUTS + i];
        different += memcmp(output + i, &golden, sizeof golden) != 0;
      }
    }
  }
  return different;
}

)";

constexpr const char* main_begins = R"(#ifndef RONDO_NO_MAIN
#include <time.h>

)";

constexpr const char* time_of_steps = R"(static double @_microseconds(void)
{
  const int steps = (int)(sizeof @_golden_steps / sizeof *@_golden_steps);
  const clock_t begin = clock();
  clock_t end = begin;
  double done = 0.0;
  static @_state state;
  int t;
  while (end - begin < CLOCKS_PER_SEC / 10) {
    @_reset(&state);
    for (t = 0; t < steps; ++t) @_step(&state, @_golden_steps + t);
    done += steps;
    end = clock();
  }
  return 1e6 * (double)(end - begin) / CLOCKS_PER_SEC / done;
}

)";

constexpr const char* time_of_sequences = R"(static double @_microseconds(void)
{
  const int steps = (int)(sizeof @_golden_steps / sizeof *@_golden_steps);
  const clock_t begin = clock();
  clock_t end = begin;
  double done = 0.0;
  static float work[@@_WORK(sizeof @_golden_steps / sizeof *@_golden_steps)];
  static float output[sizeof @_golden_outputs / sizeof *@_golden_outputs];
  while (end - begin < CLOCKS_PER_SEC / 10) {
    @_sequence(@_golden_steps, steps, work, output);
    done += steps;
    end = clock();
  }
  return 1e6 * (double)(end - begin) / CLOCKS_PER_SEC / done;
}

)";

// Of reading and saying as many.
constexpr const char* time_of_answers = R"(static double @_microseconds(void)
{
  const int steps = (int)(sizeof @_golden_steps / sizeof *@_golden_steps);
  const int said = (int)(sizeof @_golden_said / sizeof *@_golden_said);
  const clock_t begin = clock();
  clock_t end = begin;
  double done = 0.0;
  static float work[@@_WORK(sizeof @_golden_steps / sizeof *@_golden_steps)];
  static @_state state;
  int t;
  while (end - begin < CLOCKS_PER_SEC / 10) {
    @_begin(&state, @_golden_steps, steps, work);
    for (t = 0; t < said; ++t) @_step(&state, @_golden_said[t]);
    done += said;
    end = clock();
  }
  return 1e6 * (double)(end - begin) / CLOCKS_PER_SEC / done;
}

)";

constexpr const char* main_function = R"(int main(void)
{
  const int different = @_differences();
  if (different != 0) {
    printf("@: %d outputs differ from rondo's\n", different);
    return 1;
  }
  printf("@: the bits of rondo's outputs\n");
  printf("@: %.3g microseconds a step\n", @_microseconds());
  return 0;
}
#endif
#endif /* RONDO_SELF_TEST */
)";

// The functions by a file's use.
struct Functions {
  const char *differences, *microseconds;
};
Functions functions_of(CUse use) {
  switch (use) {
    case CUse::steps:
      return {of_steps, time_of_steps};
    case CUse::sequence:
      return {of_sequences, time_of_sequences};
    case CUse::answers:
      return {of_answers, time_of_answers};
  }
  return {};
}

std::string said_text(const std::vector<std::int32_t>& symbols) {
  return fmt::format("static const int32_t @_golden_said[{}] = {{{}}};\n", symbols.size(),
                     fmt::join(symbols, ", "));
}

}  // namespace

std::string c_self_test(const CModel& model, const CGolden& golden) {
  std::vector<float> outputs;
  for (const auto& row : golden.outputs) outputs.insert(outputs.end(), row.begin(), row.end());
  const Functions functions = functions_of(model.use());
  return "\n#ifdef RONDO_SELF_TEST\n#include <stdio.h>\n\n/* What rondo says of made-up steps. "
         "*/\n" +
         steps_text(model, golden) + (model.decoder ? said_text(golden.said) : "") +
         c_array("@_golden_outputs", outputs) + functions.differences + main_begins +
         functions.microseconds + main_function;
}

}  // namespace rondo
