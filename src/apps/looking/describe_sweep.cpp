#include "apps/looking/describe_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/looking/describe.hpp"
#include "apps/sweep/sweep_folder.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/grouped.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

using Json = nlohmann::ordered_json;

Json describe_sweep(const std::filesystem::path& folder) {
  std::int64_t step = 0, max_steps = 0;
  double max_minutes = 0;
  bool finished = true;
  Json members = Json::array();
  for (const std::filesystem::path member : members_of_sweep(folder)) {
    Json told = {{"member", printable(member.filename())}, {"step", nullptr}, {"finished", false}};
    if (const auto newest = newest_good_checkpoint(member, say)) {
      const NamedState state = read_checkpoint(*newest);
      const auto text = [&](const char* name) {
        const auto found = state.texts.find(name);
        return found == state.texts.end() ? std::string() : found->second;
      };
      const Config config = config_from_text(text("configuration"), newest->string());
      told["step"] = state.get_scalar<std::int64_t>("counters/step");
      told["finished"] = text("finished") == "true";
      step += told["step"].get<std::int64_t>();
      max_steps = std::max(max_steps, config.max_steps);
      max_minutes = std::max(max_minutes, config.max_minutes);
    }
    finished = finished && told["finished"].get<bool>();
    members.push_back(std::move(told));
  }
  return {{"kind", "sweep"},
          {"folder", printable(folder)},
          {"step", step},
          {"finished", finished},
          {"limits", {{"max-steps", max_steps}, {"max-minutes", max_minutes}}},
          {"members", std::move(members)}};
}

std::string sweep_text(const Json& description) {
  std::size_t width = 0, finished = 0;
  for (const Json& member : description["members"]) {
    width = std::max(width, member["member"].get<std::string>().size());
    if (member["finished"] == true) ++finished;
  }
  std::string text = fmt::format("{}: sweep, {} of {} members finished\n",
                                 description["folder"].get<std::string>(), finished,
                                 description["members"].size());
  for (const Json& member : description["members"]) {
    const bool begun = !member["step"].is_null();
    text +=
        fmt::format("  {:<{}}  {}\n", member["member"].get<std::string>(), width,
                    begun ? fmt::format("step {}{}", grouped(member["step"].get<std::int64_t>()),
                                        member["finished"] == true ? ", finished" : "")
                          : "not begun");
  }
  return text;
}

}  // namespace rondo::apps
