// `rondo export`: a trained model as a file for other programs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/words/program_version.hpp"
#include "apps/words/say.hpp"
#include "export/c/c_file.hpp"
#include "export/onnx/onnx_file.hpp"
#include "export/torch/torch_file.hpp"
#include "io/file_system.hpp"
#include "io/output_file.hpp"
#include "io/safetensors.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

bool is_exported_safetensors(const fs::path& path) {
  try {
    return is_safetensors(path) && read_safetensors(path).texts.contains("rondo");
  } catch (const InputError&) {
    return false;
  }
}

using Paths = std::vector<fs::path>;
using Contents = std::vector<std::string>;

// What is asked for.
struct Asked {
  fs::path output;
  CWeights weights = CWeights::floats;
};

Paths one_file(const ModelFile& /*model*/, const fs::path& output) { return {output}; }

Contents as_safetensors(const ModelFile& model, const Asked& /*asked*/) {
  return {safetensors_bytes(torch_file(model.state, model.path.string(), program_version()))};
}

bool is_exported_c(const fs::path& path) {
  const InputFile file(path);
  std::string begins(std::string_view(c_file_mark).size(), '\0');
  if (file.size() < begins.size()) return false;
  file.read(0, std::as_writable_bytes(std::span(begins)));
  return begins == c_file_mark;
}

Contents as_c(const ModelFile& model, const Asked& asked) {
  kernels::select_target("auto");  // golden vectors are rondo's own
  kernels::set_float_mode();
  kernels::prove_target();
  const CFile file =
      c_file(model.state, model.path.string(), asked.output, program_version(), asked.weights);
  say_if_any(file.rounding);
  return {file.text};
}

bool is_exported_onnx(const fs::path& path) { return is_rondos_onnx(InputFile(path).contents()); }

// Of several graphs NAME.encoder.onnx and so on for NAME.onnx.
Paths onnx_paths(const ModelFile& model, const fs::path& output) {
  const std::vector<std::string> parts = onnx_parts(model.state, model.path.string());
  if (parts.size() == 1) return {output};
  const std::string ending = ".onnx";
  const fs::path name =
      output.extension() == ending ? fs::path(output).replace_extension() : output;
  Paths paths;
  for (const std::string& part : parts) {
    paths.emplace_back(fmt::format("{}.{}{}", name.string(), part, ending));
  }
  return paths;
}

Contents as_onnx(const ModelFile& model, const Asked& /*asked*/) {
  Contents files = onnx_files(model.state, model.path.string(), program_version());
  for (const std::string& file : files) say(onnx_names(file));
  return files;
}

// The table: one line a format.
struct Format {
  const char* name;
  // The files that a model becomes, and what is in each.
  Paths (*paths)(const ModelFile& model, const fs::path& output);
  Contents (*contents)(const ModelFile& model, const Asked& asked);
  OwnKind kind;
};
const Format formats[] = {
    {"safetensors",
     one_file,
     as_safetensors,
     {"a safetensors file that rondo export wrote", is_exported_safetensors}},
    {"c", one_file, as_c, {"a C file that rondo export wrote", is_exported_c}},
    {"onnx", onnx_paths, as_onnx, {"an ONNX file that rondo export wrote", is_exported_onnx}},
};

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "export",
      .summary =
          "Writes a trained model for other programs: as safetensors, which PyTorch loads, as one "
          "C file without dependencies, or as ONNX, which onnxruntime and others run.",
      .example =
          "  rondo export runs/book --to safetensors --output book.safetensors\n"
          "  rondo export runs/book --to c --output book.c\n"
          "  cc -O2 -DRONDO_SELF_TEST book.c -lm && ./a.out\n"
          "  rondo export runs/book --to c --weights int8 --output small.c\n"
          "  rondo export runs/book --to onnx --output book.onnx\n",
      .positional = "checkpoint",
      .options =
          {
              checkpoint_option(),
              {.name = "to", .value_name = "FORMAT", .help = "safetensors, c or onnx"},
              {.name = "output",
               .value_name = "FILE",
               .help = "the file to write; of encoder-decoders NAME.onnx as ONNX means "
                       "NAME.encoder.onnx and NAME.decoder.onnx"},
              {.name = "weights",
               .value_name = "KIND",
               .help = "of --to c: float, or int8, a byte each, which changes what is said a "
                       "little: by how much is told",
               .default_text = "float"},
              best_option(best_of_a_file),
              average_checkpoints_option(),
          },
  };
  return line;
}

const Format& format_of(std::string_view name) {
  std::string names;
  for (const Format& format : formats) {
    if (name == format.name) return format;
    names += (names.empty() ? "" : " or ") + std::string(format.name);
  }
  throw_input("--to {}: rondo export writes {}", name, names);
}

CWeights weights_of(const GivenOptions& given) {
  const std::string kind = given.text("weights", "float");
  if (kind == "float") return CWeights::floats;
  if (kind != "int8") throw_input("--weights {}: they are float or int8", kind);
  if (given.text("to") != "c") throw_input("--weights int8 is for --to c");
  return CWeights::int8;
}

}  // namespace

const CommandLine& export_command_line() { return command_line(); }

int run_export(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"checkpoint", "to", "output"});
  const Format& format = format_of(given.text("to"));
  const Asked asked{.output = given.text("output"), .weights = weights_of(given)};
  say_if_any(idle_options(command_line(), given));
  const ModelFile model = read_asked_model(given, given.text("checkpoint"));
  const Paths paths = format.paths(model, asked.output);
  for (const fs::path& path : paths) check_output(path, "--output", format.kind);
  clean_up_when_stopped();
  const Contents contents = format.contents(model, asked);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    write_output(paths[i], contents[i], "--output", format.kind);
  }
  std::vector<std::string> names;
  for (const fs::path& path : paths) names.push_back(path.string());
  say(fmt::format("{} is in {}", model.path.string(), fmt::join(names, " and ")));
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
