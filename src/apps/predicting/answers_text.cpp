#include "apps/predicting/answers_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

// Labels that are likelier than not, with semicolons between them, and their probabilities; as JSON
// a list, and all probabilities.
std::string labels_text(const std::vector<double>& shares, const Column& target, bool json) {
  std::string names, scores;
  Json answer = Json::array(), all = Json::object();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::string name = target.symbol_name(i);
    all[name] = shares[i];
    if (shares[i] <= 0.5) continue;
    answer.push_back(name);
    names += (names.empty() ? "" : ";") + in_one_line(name);
    scores += fmt::format("{}{:.6f}", scores.empty() ? "" : ";", shares[i]);
  }
  if (!json) return fmt::format("{}\t{}\n", names, scores);
  const Json line = {{"answer", answer}, {"probabilities", all}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// The first of the likeliest.
std::size_t likeliest(const std::vector<double>& of_classes) {
  return static_cast<std::size_t>(std::ranges::max_element(of_classes) - of_classes.begin());
}

}  // namespace

std::string in_one_line(std::string text) {
  for (char& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

std::string step_answers_text(const std::vector<std::vector<double>>& probabilities,
                              std::span<const std::int64_t> starts, std::size_t voters,
                              const Column& target, bool json) {
  const std::string between = target.kind == ColumnKind::character ? "" : " ";
  std::string text;
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    std::string names;
    double sum = 0;
    Json answer = Json::array(), shares = Json::array();
    for (std::int64_t row = starts[i]; row < starts[i + 1]; ++row) {
      const std::vector<double>& of_classes = probabilities[static_cast<std::size_t>(row)];
      const std::size_t best = likeliest(of_classes);
      const double share = of_classes[best] / static_cast<double>(voters);
      const std::string name = target.symbol_name(best);
      sum += share;
      if (json) {
        answer.push_back(name);
        shares.push_back(share);
      } else {
        names += (row == starts[i] ? "" : between) + in_one_line(name);
      }
    }
    if (json) {
      const Json line = {{"answer", answer}, {"probabilities", shares}};
      text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    } else {
      text +=
          fmt::format("{}\t{:.6f}\n", names, sum / static_cast<double>(starts[i + 1] - starts[i]));
    }
  }
  return text;
}

std::string answers_text(const std::vector<std::vector<double>>& probabilities, std::size_t voters,
                         const Column& target, bool json) {
  std::string text;
  for (const std::vector<double>& of_classes : probabilities) {
    const std::size_t best = likeliest(of_classes);
    const auto share = [&](std::size_t i) { return of_classes[i] / static_cast<double>(voters); };
    if (target.has_labels()) {
      std::vector<double> shares;
      for (std::size_t i = 0; i < of_classes.size(); ++i) shares.push_back(share(i));
      text += labels_text(shares, target, json);
      continue;
    }
    if (!json) {
      text += fmt::format("{}\t{:.6f}\n", in_one_line(target.symbol_name(best)), share(best));
      continue;
    }
    Json all = Json::object();
    for (std::size_t i = 0; i < of_classes.size(); ++i) all[target.symbol_name(i)] = share(i);
    const Json answer = {
        {"answer", target.symbol_name(best)}, {"probability", share(best)}, {"probabilities", all}};
    text += answer.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  }
  return text;
}

}  // namespace rondo::apps
