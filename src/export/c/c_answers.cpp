#include "export/c/c_answers.hpp"

#include <fmt/format.h>

#include "export/c/words/c_values.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo {
namespace {

using kernels::NumberLossKind;

constexpr const char* class_probabilities = R"(
void @_probabilities(const float *output, double *probabilities)
{
  double most = (double)output[0], sum = 0.0;
  int i;
  for (i = 1; i < @@_OUTPUTS; ++i) {
    if (most < (double)output[i]) most = (double)output[i];
  }
  for (i = 0; i < @@_OUTPUTS; ++i) {
    probabilities[i] = @_exp((double)output[i] - most);
    sum += probabilities[i];
  }
  for (i = 0; i < @@_OUTPUTS; ++i) probabilities[i] /= sum;
}
)";

constexpr const char* label_probabilities = R"(
void @_probabilities(const float *output, double *probabilities)
{
  int i;
  for (i = 0; i < @@_OUTPUTS; ++i) {
    const double x = (double)output[i];
    const double e = @_exp(-fabs(x));
    const double above = x < 0.0 ? e : 1.0;
    const double sum = 1.0 + e;
    const double quotient = above / sum;
    const double lost = (1.0 - sum) + e;
    const double rest = fma(-quotient, sum, above) - @_double_product(quotient, lost);
    probabilities[i] = x != x ? x : quotient + rest / sum;
  }
}
)";

CAnswers of_classes(const CModel& model, bool labels) {
  CAnswers answers;
  const bool is_text = model.saved->task.continues_texts();
  if (model.decoder) answers.names = "@_said_symbols";
  answers.comment = fmt::format(
      "a score for each of {} {}, of which @_probabilities makes probabilities;\n"
      "   {} are their names.",
      model.outputs(),
      labels                     ? "labels"
      : is_text || model.decoder ? "symbols that may come next"
                                 : "classes",
      is_text ? "those of what it reads" : answers.names);
  answers.declarations =
      "/* Probabilities of outputs: @@_OUTPUTS of each. */\n"
      "void @_probabilities(const float *output, double *probabilities);\n";
  answers.functions = labels ? label_probabilities : class_probabilities;
  if (!is_text) {
    answers.symbols = model.target;
    answers.declarations +=
        fmt::format("extern const char *const {}[{}];\n", answers.names, model.outputs());
  }
  return answers;
}

std::string base_and_unit(const Column& target) {
  std::string base, unit;
  for (std::size_t i = 0; i < static_cast<std::size_t>(target.width); ++i) {
    base += c_number(target.mean[i]) + ", ";
    unit += c_number(target.deviation[i]) + ", ";
  }
  return fmt::format(
      "  static const double base[{0}] = {{{1}}};\n  static const double unit[{0}] = {{{2}}};\n",
      target.width, base, unit);
}

constexpr const char* gaussian_numbers = R"(    double mean = (double)output[i];
    double s = (double)output[width + i], deviation, second, variance;
    s = s > 7.0 ? 7.0 : s < -7.0 ? -7.0 : s;
    deviation = @_exp(s);
    second = @_double_product(deviation, deviation) + @_double_product(mean, mean);
    variance = second - @_double_product(mean, mean);
    deviation = sqrt(variance < 0.0 ? 0.0 : variance);
    numbers[2 * i] = base[i] + @_double_product(unit[i], mean);
    numbers[2 * i + 1] = @_double_product(unit[i], deviation);
)";

constexpr const char* sorted_numbers = R"(    double *own = numbers + i * parts;
    int p, q;
    for (p = 0; p < parts; ++p) {
      const double value = (double)output[p * width + i];
      for (q = p; q > 0 && own[q - 1] > value; --q) own[q] = own[q - 1];
      own[q] = value;
    }
    for (p = 0; p < parts; ++p) own[p] = base[i] + @_double_product(unit[i], own[p]);
)";

CAnswers of_numbers(const CModel& model) {
  const kernels::NumberLoss loss = model.config().number_loss();
  const Column& target = *model.target;
  const bool gaussian = loss.kind == NumberLossKind::gaussian;
  const char* what = gaussian                                ? "its mean and deviation"
                     : loss.kind == NumberLossKind::quantile ? "its quantiles, ascending"
                                                             : "it";
  CAnswers answers;
  std::string names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(target.width); ++i) {
    names += (i == 0 ? "" : ", ") + c_comment(target.number_name(i));
  }
  for (char& c : names) c = c == '@' ? '_' : c;
  answers.comment = fmt::format(
      "{} numbers, of which @_numbers makes what predict writes, in units:\n   of each of '{}' {}.",
      model.outputs(), names, what);
  answers.declarations =
      "/* Of outputs the numbers in the table's units: @@_OUTPUTS of each. */\n"
      "void @_numbers(const float *output, double *numbers);\n";
  answers.functions =
      "\nvoid @_numbers(const float *output, double *numbers)\n{\n" + base_and_unit(target) +
      fmt::format("  const int width = {}, parts = {};\n  int i;\n", target.width, loss.parts()) +
      "  (void)parts;\n  for (i = 0; i < width; ++i) {\n" +
      (gaussian ? gaussian_numbers : sorted_numbers) + "  }\n}\n";
  return answers;
}

}  // namespace

CAnswers c_answers(const CModel& model) {
  if (model.saved->task.name() == std::string("regress")) return of_numbers(model);
  return of_classes(model, !model.saved->task.continues_texts() && model.target->has_labels());
}

}  // namespace rondo
