#include "tasks/decoding/text_search.hpp"

#include <algorithm>
#include <utility>

#include "rondo/core/exact_math.hpp"

namespace rondo::tasks {
namespace {

// A total order among the candidates of a step: score, then symbol, then parent. Drawn ones keep
// their numbers.
bool comes_before(const Candidate& a, const Candidate& b) {
  if (a.drawn != b.drawn) return a.drawn < b.drawn;
  if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
  if (a.symbol != b.symbol) return a.symbol < b.symbol;
  return a.parent < b.parent;
}

}  // namespace

LengthPenalties::LengthPenalties(double a, std::int64_t longest) : of_{1} {
  for (std::int64_t n = 1; n <= longest; ++n) {
    of_.push_back(exact::exp(a * exact::log(static_cast<double>(n))));
  }
}

double LengthPenalties::most(std::int64_t length) const {
  return *std::max_element(of_.begin() + 1, of_.begin() + 1 + length);
}

TextSearch::TextSearch(const DecodeSource& source, const DecodeOptions& options,
                       const LengthPenalties& penalties)
    : options_(options),
      source_(source),
      penalties_(penalties),
      most_penalty_(penalties.most(source.longest + 1)),
      random_(options.seed, Purpose::decoding, static_cast<std::uint64_t>(source.number)),
      wanted_(static_cast<std::size_t>(options.draws ? options.n_best : options.beam)),
      nodes_{{options.end}},
      live_(1) {}

bool TextSearch::may_say(std::int32_t symbol) const {
  if (symbol == options_.end) return said_ >= source_.shortest;
  return said_ < source_.longest &&
         std::ranges::find(options_.never, symbol) == options_.never.end();
}

void TextSearch::find_candidates(std::size_t text, std::span<double> known, Dice& dice,
                                 std::vector<Candidate>& found) const {
  found.clear();
  if (options_.draws) return draw(text, known, dice, found);
  const auto parent = static_cast<std::int32_t>(text);
  const double before = live_[text].log_probability;
  const std::size_t most = places();
  const auto ahead = [](const Candidate& a, const Candidate& b) {
    return a.log_probability > b.log_probability;
  };
  for (std::size_t i = 0; i < known.size(); ++i) {
    const double log_probability = before + known[i];
    // Symbols ascend: of equals the first stays.
    if (found.size() == most && !(log_probability > found.back().log_probability)) continue;
    const auto symbol = static_cast<std::int32_t>(i);
    if (!may_say(symbol)) continue;
    if (found.size() == most) found.pop_back();
    const Candidate candidate{log_probability, symbol, parent};
    found.insert(std::upper_bound(found.begin(), found.end(), candidate, ahead), candidate);
  }
}

void TextSearch::draw(std::size_t text, std::span<const double> known, Dice& dice,
                      std::vector<Candidate>& found) const {
  std::vector<double> allowed(known.begin(), known.end());
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (!may_say(static_cast<std::int32_t>(i))) {
      allowed[i] = -std::numeric_limits<double>::infinity();
    }
  }
  // At first there is one text, of which all come.
  const std::size_t texts = said_ == 0 ? wanted_ : 1;
  for (std::size_t i = 0; i < texts; ++i) {
    const auto drawn = said_ == 0 ? static_cast<std::int32_t>(i) : live_[text].drawn;
    const std::int32_t symbol = dice.draw<double>(
        allowed,
        random_.uniform(static_cast<std::uint64_t>(said_), static_cast<std::uint32_t>(drawn)));
    found.push_back({live_[text].log_probability + known[static_cast<std::size_t>(symbol)], symbol,
                     static_cast<std::int32_t>(text), drawn});
  }
}

void TextSearch::choose(std::vector<Candidate>& candidates,
                        std::vector<std::vector<float>>& attention) {
  std::ranges::sort(candidates, comes_before);
  if (candidates.size() > places()) candidates.resize(places());
  const auto first_attention = static_cast<std::uint32_t>(attentions_.size());
  for (std::vector<float>& of_text : attention) attentions_.push_back(std::move(of_text));
  const std::vector<Live> before = std::exchange(live_, {});
  ++said_;
  for (const Candidate& candidate : candidates) {
    const auto parent = static_cast<std::size_t>(candidate.parent);
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(
        {candidate.symbol, before[parent].node,
         attention.empty() ? nothing : first_attention + static_cast<std::uint32_t>(parent)});
    if (candidate.symbol != options_.end) {
      live_.push_back({node, candidate.log_probability, candidate.parent, candidate.drawn});
      continue;
    }
    const double score = candidate.log_probability / penalties_.of(said_);
    const Ended ended{node, candidate.log_probability, score, candidate.drawn};
    const bool draws = options_.draws;
    ended_.insert(std::upper_bound(ended_.begin(), ended_.end(), ended,
                                   [draws](const Ended& a, const Ended& b) {
                                     return draws ? a.drawn < b.drawn : a.score > b.score;
                                   }),
                  ended);
  }
  if (is_settled()) live_.clear();
}

// Whether no text that goes on can come to be answered: log probabilities only fall.
bool TextSearch::is_settled() const {
  if (options_.draws || live_.empty()) return false;
  const auto wanted = static_cast<std::size_t>(options_.n_best);
  if (ended_.size() < wanted) return false;
  return live_.front().log_probability / most_penalty_ < ended_[wanted - 1].score;
}

std::vector<Hypothesis> TextSearch::answers() const {
  const std::size_t count = std::min(ended_.size(), static_cast<std::size_t>(options_.n_best));
  std::vector<Hypothesis> answers(count);
  for (std::size_t i = 0; i < count; ++i) {
    Hypothesis& answer = answers[i];
    answer.log_probability = ended_[i].log_probability;
    answer.score = ended_[i].score;
    for (std::uint32_t at = ended_[i].node; nodes_[at].before != nothing; at = nodes_[at].before) {
      if (at != ended_[i].node) answer.symbols.push_back(nodes_[at].symbol);
      if (nodes_[at].attention != nothing && !attentions_[nodes_[at].attention].empty()) {
        answer.attention.push_back(attentions_[nodes_[at].attention]);
      }
    }
    std::ranges::reverse(answer.symbols);
    std::ranges::reverse(answer.attention);
  }
  return answers;
}

}  // namespace rondo::tasks
