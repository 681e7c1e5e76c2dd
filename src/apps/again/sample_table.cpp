#include "apps/again/sample_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/predicting/answers_text.hpp"
#include "rondo/data/excerpts.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/data/stream_windows.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_shown = 72;  // characters of a text

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double mean_loss(const SampleShare& sample) {
  return sample.targets > 0 ? sample.loss / sample.targets : std::nan("");
}

// The beginning of a text, cut between characters.
std::string beginning(const std::string& text) {
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (begins && ++characters > most_shown) return text.substr(0, end) + "...";
  }
  return text;
}

}  // namespace

SampleTable::SampleTable(const Dataset& data, const LaneLayout& lanes, const ReplayedStep& step)
    : data_(data), lanes_(lanes), step_(step), split_(data.split("train")) {
  if (split_->whole() == nullptr) {
    split_->reader(lanes_)->read(step_.window, window_);
  } else if (dynamic_cast<const ForecastSequences*>(split_->whole()) == nullptr) {
    stored_ = open_sequences(data.shared_file(), data.stored_columns(), "train");
  }
}

// What a lane of a text reads in the window.
std::string SampleTable::text_of(std::int64_t lane) const {
  const WindowAxis& axis = window_.axes[0];
  std::vector<std::int32_t> tokens;
  tokens.reserve(static_cast<std::size_t>(axis.times));
  for (std::int32_t t = 0; t < axis.times; ++t) {
    tokens.push_back(axis.tokens[stream_inputs][static_cast<std::size_t>(t) *
                                                    static_cast<std::size_t>(window_.lanes) +
                                                static_cast<std::size_t>(lane)]);
  }
  return data_.columns().front().vocabulary->decode(tokens);
}

SampleTable::Told SampleTable::told(const SampleShare& sample) const {
  Told told;
  if (sample.sequence < 0) {
    const auto& windows = dynamic_cast<const StreamWindows&>(*split_);
    const StreamWindows::Place place = windows.place(lanes_, step_.window, sample.lane);
    if (place.document < 0) return told;
    told.document = place.document + 1;
    told.token = place.token + 1;
    told.place = fmt::format("document {} token {}", told.document, told.token);
    told.source = text_of(sample.lane);
    return told;
  }
  told.place = fmt::format("{}", sample.sequence + 1);
  const std::int32_t all = split_->whole()->lengths()[static_cast<std::size_t>(sample.sequence)];
  if (sample.steps < all) {
    told.place += fmt::format(" steps {} to {}", sample.step + 1, sample.step + sample.steps);
  }
  if (stored_) {
    const Columns& columns = data_.stored_columns();
    told.target = excerpt(*stored_, columns, sample.sequence, true);
    told.source = excerpt(*stored_, columns, sample.sequence);
  }
  return told;
}

std::string SampleTable::text(std::span<const SampleShare> samples, std::size_t most) const {
  std::string reported;
  if (step_.reported_norm) {
    reported = *step_.reported_norm == step_.norm
                   ? " (as the run reported)"
                   : fmt::format(
                         " (the run reported {:.6g}: rondo verify finds where it begins to "
                         "differ)",
                         *step_.reported_norm);
  }
  std::string text = fmt::format(
      "step {} of {}, epoch {}: loss {:.4f}, |g| {:.4g}{}, {} samples, {:.6g} targets\n",
      step_.step, step_.run, step_.epoch + 1, step_.loss, step_.norm, reported, samples.size(),
      step_.targets);
  text += "rank\tsample\tlane\ttargets\tloss\t|g|\tshare\ttarget\tsource\n";
  for (std::size_t i = 0; i < std::min(samples.size(), most); ++i) {
    const SampleShare& sample = samples[i];
    const Told told = this->told(sample);
    text +=
        fmt::format("{}\t{}\t{}\t{:.6g}\t{:.4f}\t{:.4g}\t{:.2f} %\t{}\t{}\n", i + 1, told.place,
                    sample.lane, sample.targets, mean_loss(sample), sample.norm, 100 * sample.share,
                    in_one_line(told.target), in_one_line(beginning(told.source)));
  }
  return text;
}

Json SampleTable::json(std::span<const SampleShare> samples, std::size_t most) const {
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(samples.size(), most); ++i) {
    const SampleShare& sample = samples[i];
    const Told told = this->told(sample);
    Json one = {{"rank", i + 1}, {"lane", sample.lane}};
    if (sample.sequence >= 0) {
      one["sequence"] = sample.sequence + 1;
      one["first_step"] = sample.step + 1;
    } else if (told.document > 0) {
      one["document"] = told.document;
      one["token"] = told.token;
    }
    one["steps"] = sample.steps;
    one["targets"] = sample.targets;
    one["loss"] = number(mean_loss(sample));
    one["gradient_norm"] = number(sample.norm);
    one["share"] = number(sample.share);
    if (!told.target.empty()) one["target"] = told.target;
    if (!told.source.empty()) one["source"] = told.source;
    list.push_back(std::move(one));
  }
  Json json = {{"run", step_.run},         {"step", step_.step},
               {"epoch", step_.epoch},     {"loss", number(step_.loss)},
               {"targets", step_.targets}, {"gradient_norm", number(step_.norm)}};
  if (step_.reported_norm) json["reported_gradient_norm"] = number(*step_.reported_norm);
  json["samples"] = samples.size();
  json["worst"] = std::move(list);
  return json;
}

}  // namespace rondo::apps
