#include "export/c/c_file.hpp"

#include <algorithm>

#include "export/about.hpp"
#include "export/c/c_model.hpp"
#include "export/c/c_network.hpp"
#include "export/c/proof/c_golden.hpp"
#include "export/c/proof/c_self_test.hpp"
#include "export/c/weights/c_rounding.hpp"
#include "export/c/words/c_functions.hpp"
#include "export/c/words/c_values.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// "@@" and "@" of all texts.
std::string with_names(const std::string& text, const std::string& prefix) {
  std::string upper = prefix;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  std::string named;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '@') {
      named += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '@') {
      named += upper;
      ++i;
    } else {
      named += prefix;
    }
  }
  return named;
}

// Texts of the user's must not be taken for names.
std::string without_names(std::string text) {
  std::ranges::replace(text, '@', '_');
  return c_comment(std::move(text));
}

std::string layers_text(const CModel& model) {
  const Config& config = model.config();
  const std::string layers =
      model.decoder
          ? fmt::format("{} and {} layers", model.layers.size(), model.decoder->layers.size())
          : fmt::format("{} layer{}", config.layers, config.layers == 1 ? "" : "s");
  std::string text = fmt::format("{} '{}' of {} units", layers, config.cell, config.hidden);
  if (config.projection > 0) text += fmt::format(", projected to {}", config.projection);
  if (model.decoder && model.decoder->attends()) text += ", with attention";
  return text;
}

struct Origin {
  std::string where, version, digest;
  CRounding rounding = {};  // of int8
};

std::string head(const CModel& model, const Origin& origin, const std::string& file) {
  const SavedModel<float>& saved = *model.saved;
  std::string text = fmt::format("{} {}, of the model in {}:\n", c_file_mark, origin.version,
                                 without_names(origin.where));
  text += fmt::format("   a network of {} for the task '{}';\n   its weights' digest is {}.\n\n",
                      layers_text(model), saved.task.name(), origin.digest);
  text +=
      "   C99, nothing but the standard library: fmaf, fma, sqrt and their like (link with -lm).\n"
      "   The outputs have the bits of rondo's, with any compiler that rounds as C says: gcc and\n"
      "   clang with any -O and -std, with and without -mfma, which makes fmaf fast. Not with\n"
      "   -ffast-math or a part of it.\n\n";
  if (!model.scales.empty()) {
    text += fmt::format(
        "   Its matrices are int8 numbers, those of a row times a scale of its own:\n   {},\n   "
        "{}.\n"
        "   What is said of bits is so of rondo with these weights.\n\n",
        origin.rounding.weights, origin.rounding.outputs);
  }
  text += fmt::format(
      "   {} parameters in {} bytes, {},\n"
      "   {} multiply-adds a step.\n\n",
      saved.layout.elements(), c_weight_bytes(model), c_memory_comment(model),
      saved.plan.weights_per_step());
  text += fmt::format(
      "   How to use it: compile it with your program, and where it is called\n\n"
      "     #define @@_DECLARATIONS\n"
      "     #include \"{0}\"\n\n"
      "   To try it, and to learn how long a step takes: cc -O2 -DRONDO_SELF_TEST {0} -lm && "
      "./a.out\n\n",
      file);
  text += "   What it reads at each step:\n";
  for (const CInput& input : model.inputs) {
    const std::string name = without_names(input.column->name);
    text += input.column->is_real()
                ? fmt::format("     {}: {} number{} of the column '{}', as the table has them{}\n",
                              input.name, input.column->width, input.column->width == 1 ? "" : "s",
                              name, input.column->masks_missing ? ", NAN where one is missing" : "")
                : fmt::format("     {}: the number of a symbol of '{}', below {}: @_symbols_{}\n",
                              input.name, name, input.table.rows, input.name);
  }
  text += "   What it says: " + c_answer_comment(model) + " */\n";
  return text;
}

}  // namespace

CFile c_file(const NamedState& checkpoint, const std::string& where,
             const std::filesystem::path& output, const std::string& version, CWeights weights) {
  if (saved_config(checkpoint, where).precision != "float") {
    throw_input("{}: --to c is for --precision float, and it was trained in double", where);
  }
  SavedModel<float> saved(checkpoint, where);
  CModel model = c_model(saved, where);
  Origin origin{.where = where, .version = version, .digest = digest_of(saved)};
  CFile file;
  if (weights == CWeights::int8) {
    const SavedModel<float> trained(checkpoint, where);
    const CModel before = c_model(trained, where);
    RowScales scales = round_to_int8(saved, where);
    model = c_model(saved, where, std::move(scales));
    origin.rounding = c_rounding(before, model);
    file.rounding =
        fmt::format("int8: {} bytes of parameters instead of {}; {}, {}", c_weight_bytes(model),
                    c_weight_bytes(before), origin.rounding.weights, origin.rounding.outputs);
  }
  std::string text = head(model, origin, without_names(output.filename().string()));
  text += c_declarations(model) + c_implementation(model);
  text += c_self_test(model, c_golden(model));
  text += "\n#endif /* @@_DECLARATIONS */\n";
  file.text = with_names(text, c_identifier(output.stem().string()));
  return file;
}

}  // namespace rondo
