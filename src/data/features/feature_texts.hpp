// The settings of a kind of files, to and from texts.
#pragma once

#include "data/features/file_features.hpp"

namespace rondo {

// Those of `given` that are keys of the group, on top of the defaults; then complete. InputError.
template <class S>
S settings_from(const SettingsGroup<S>& group, const FeatureTexts& given) {
  S settings;
  for (const SettingKey<S>& key : group.keys) {
    if (const auto found = given.find(key.name); found != given.end()) {
      key.parse(settings, found->second);
    }
  }
  if (group.complete) group.complete(settings);
  return settings;
}

template <class S>
FeatureTexts texts_of(const SettingsGroup<S>& group, const S& settings) {
  FeatureTexts texts;
  for (const SettingKey<S>& key : group.keys) texts[key.name] = key.print(settings);
  return texts;
}

template <class S>
std::vector<KeyFacts> facts_of(const SettingsGroup<S>& group) {
  std::vector<KeyFacts> facts;
  for (const SettingKey<S>& key : group.keys) {
    facts.push_back(key);
    facts.back().group = group.heading;
  }
  return facts;
}

}  // namespace rondo
