#include "tasks/decoding/language/fusion.hpp"

#include <algorithm>
#include <utility>

#include "tasks/decoding/prefix_search.hpp"

namespace rondo::tasks {
namespace {

// Texts that the models are asked of at once, if that is not fewer than a sequence has.
constexpr std::size_t most_lanes = 512;

// The models, lane by lane.
class FusedModels {
 public:
  FusedModels(const Fusion& fusion, bool lists_words) : fusion_(fusion) {
    if (fusion.language_model) models_.push_back(fusion.language_model.get());
    if (lists_words) models_.push_back(list_ = fusion.word_list.get());
  }

  void begin(int lanes, int most) {
    for (TextModel* model : models_) model->begin(lanes, most);
  }
  void go_on(std::span<const std::int32_t> from, std::span<const std::int32_t> symbols) {
    for (TextModel* model : models_) model->go_on(from, symbols);
  }
  // As TextModel has them, of all models together.
  void next(int lane, std::span<double> to) const {
    std::ranges::fill(to, 0.0);
    if (fusion_.language_model) fusion_.language_model->next(lane, to);
    std::vector<double> listed(to.size());
    if (list_ != nullptr) list_->next(lane, listed);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = joined(to[i], listed[i]) + fusion_.bonus;
  }
  double end(int lane) const {
    const double known = fusion_.language_model ? fusion_.language_model->end(lane) : 0;
    return joined(known, list_ != nullptr ? list_->end(lane) : 0);
  }

 private:
  // Of what is impossible to one of them no weight is asked.
  double joined(double known, double listed) const {
    if (known == impossible || listed == impossible) return impossible;
    return fusion_.weight * known;
  }

  const Fusion& fusion_;
  std::vector<TextModel*> models_;
  TextModel* list_ = nullptr;  // one of them
};

// Some sequences that are searched side by side, a lane for each text that is kept.
class FusedSearch {
 public:
  FusedSearch(std::span<const StepScores> sequences, const SpellingOptions& options,
              FusedModels& models, ThreadPool& pool)
      : sequences_(sequences), models_(models), pool_(pool) {
    for (const StepScores& scores : sequences) {
      Search& search = searches_.emplace_back(PrefixSearch(options, scores.blank()));
      search.lanes.push_back(static_cast<std::int32_t>(searches_.size()) - 1);
    }
    models_.begin(static_cast<int>(searches_.size()),
                  static_cast<int>(searches_.size() * static_cast<std::size_t>(options.beam)));
    std::vector<Place> empty;
    for (std::size_t s = 0; s < searches_.size(); ++s) empty.push_back({s, 0});
    look_ahead(empty);
  }

  // The texts of each sequence with what the models say of them.
  std::vector<std::vector<PrefixSearch::Text>> run() {
    std::vector<std::vector<PrefixSearch::Text>> texts(sequences_.size());
    std::size_t left = sequences_.size();
    for (std::size_t t = 0; left > 0; ++t) {
      for (std::size_t s = 0; s < searches_.size(); ++s) {
        if (searches_[s].lanes.empty() || t < sequences_[s].steps()) continue;
        texts[s] = ended(searches_[s]);
        searches_[s].lanes.clear();
        --left;
      }
      if (left > 0) step(t);
    }
    return texts;
  }

 private:
  struct Search {
    explicit Search(PrefixSearch begun) : prefixes(std::move(begun)) {}
    PrefixSearch prefixes;
    std::vector<std::int32_t> lanes = {};  // of its texts; none: it has ended
  };
  struct Place {
    std::size_t search = 0, text = 0;
  };

  std::vector<PrefixSearch::Text> ended(const Search& search) const {
    std::vector<PrefixSearch::Text> texts = search.prefixes.texts();
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i].known += models_.end(search.lanes[i]);
    return texts;
  }

  void step(std::size_t t) {
    pool_.for_each(static_cast<int>(searches_.size()), [&](int number) {
      const auto s = static_cast<std::size_t>(number);
      if (!searches_[s].lanes.empty()) searches_[s].prefixes.step(sequences_[s].at(t));
    });
    std::vector<std::int32_t> from, symbols;
    std::vector<Place> longer, others;
    for (std::size_t s = 0; s < searches_.size(); ++s) {
      Search& search = searches_[s];
      if (search.lanes.empty()) continue;
      const std::vector<std::int32_t> before = std::exchange(search.lanes, {});
      for (std::size_t i = 0; i < search.prefixes.size(); ++i) {
        search.lanes.push_back(before[search.prefixes.parent(i)]);
        const std::int32_t added = search.prefixes.added(i);
        (added < 0 ? others : longer).push_back({s, i});
        if (added >= 0) symbols.push_back(added);
      }
    }
    if (longer.empty()) return;  // the others stay where they are
    for (const std::vector<Place>* places : {&longer, &others}) {
      for (const Place& place : *places) {
        std::int32_t& lane = searches_[place.search].lanes[place.text];
        from.push_back(std::exchange(lane, static_cast<std::int32_t>(from.size())));
      }
    }
    models_.go_on(from, symbols);
    look_ahead(longer);
  }

  // Of the texts that lie in the first lanes.
  void look_ahead(std::span<const Place> places) {
    pool_.for_each(static_cast<int>(places.size()), [&](int lane) {
      const Place& place = places[static_cast<std::size_t>(lane)];
      models_.next(lane, searches_[place.search].prefixes.known_next(place.text));
    });
  }

  std::span<const StepScores> sequences_;
  FusedModels& models_;
  ThreadPool& pool_;
  std::vector<Search> searches_;
};

std::vector<SpeltText> best_of(const StepScores& scores, std::vector<PrefixSearch::Text> texts,
                               const SpellingOptions& options) {
  std::vector<SpeltText> best;
  for (PrefixSearch::Text& text : texts) {
    if (text.known == impossible) continue;
    const double log_probability = tasks::log_probability(scores, text.symbols);
    best.push_back({std::move(text.symbols), log_probability, log_probability + text.known});
  }
  keep_best(best, options);
  return best;
}

// Searches for those of `sequences` whose numbers are in `which`.
void spell_these(std::span<const StepScores> sequences, std::span<const std::size_t> which,
                 const SpellingOptions& options, FusedModels models, ThreadPool& pool,
                 std::vector<std::vector<SpeltText>>& texts) {
  const std::size_t together =
      std::max<std::size_t>(1, most_lanes / static_cast<std::size_t>(options.beam));
  for (std::size_t first = 0; first < which.size(); first += together) {
    const auto numbers = which.subspan(first, std::min(together, which.size() - first));
    std::vector<StepScores> own;
    for (const std::size_t number : numbers) own.push_back(sequences[number]);
    auto found = FusedSearch(own, options, models, pool).run();
    pool.for_each(static_cast<int>(numbers.size()), [&](int i) {
      const std::size_t number = numbers[static_cast<std::size_t>(i)];
      texts[number] =
          best_of(sequences[number], std::move(found[static_cast<std::size_t>(i)]), options);
    });
  }
}

}  // namespace

std::vector<std::vector<SpeltText>> spell_fused(std::span<const StepScores> sequences,
                                                const SpellingOptions& options,
                                                const Fusion& fusion, ThreadPool& pool) {
  std::vector<std::vector<SpeltText>> texts(sequences.size());
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    sequences[i].are_numbers() ? which.push_back(i) : texts[i].push_back(no_text());
  }
  // Those of like lengths end at about the same time.
  std::ranges::stable_sort(which, {}, [&](std::size_t i) { return sequences[i].steps(); });
  spell_these(sequences, which, options, {fusion, fusion.word_list != nullptr}, pool, texts);
  std::erase_if(which, [&](std::size_t i) { return !texts[i].empty(); });
  spell_these(sequences, which, options, {fusion, false}, pool, texts);
  for (const std::size_t i : which) {
    for (SpeltText& text : texts[i]) text.outside_list = true;
  }
  return texts;
}

std::vector<std::vector<SpeltText>> spell_all(std::span<const StepScores> sequences,
                                              const SpellingOptions& options, const Fusion* fusion,
                                              ThreadPool& pool) {
  if (fusion != nullptr) return spell_fused(sequences, options, *fusion, pool);
  std::vector<std::vector<SpeltText>> texts(sequences.size());
  pool.for_each(static_cast<int>(sequences.size()), [&](int number) {
    const auto i = static_cast<std::size_t>(number);
    texts[i] = spell(sequences[i], options);
  });
  return texts;
}

}  // namespace rondo::tasks
