// A real checkpoint and a real data set to damage, and all ways in which rondo reads such files.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <functional>
#include <string>

#include "apps/bench/made_up.hpp"
#include "apps/commands.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/stream_windows.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/saved_model.hpp"
#include "rondo/train/saved_run.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::damage {

namespace fs = std::filesystem;

// What reading a damaged file may take beyond what a good one has taken: a file that makes rondo
// ask for more ends in std::bad_alloc, which no test takes for a refusal. Sanitizers have their own
// limits and need the address space.
inline void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  constexpr rlim_t more = rlim_t{512} << 20;
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = pages * 4096 + more;
  setrlimit(RLIMIT_AS, &limit);
#endif
}

class RealFiles : public testing::Test {
 protected:
  RealFiles() : data_(apps::bench::make_dataset(folder_, 20000, 40)), pool_(1) {
    kernels::set_float_mode();
    config_.cell = "lstm";
    config_.layers = 2;
    config_.hidden = 24;
    config_.embedding = 20;  // so that no two matrices of a layer have the same shape
    config_.lanes = 8;
    config_.window = 6;
    config_.steps = 100;
    complete(config_);
    Trainer<float> trainer(config_, data_, *world_, pool_, nullptr);
    for (int i = 0; i < 3; ++i) trainer.step();
    state_ = trainer.save();
    write_checkpoint(path("good.h5"), state_);
    limit_memory();
  }

  fs::path path(const std::string& name) const { return folder_.path() / name; }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }

  // Whether `read` refuses; it either works or throws an InputError of one sentence.
  static bool refuses(const std::function<void()>& read) {
    try {
      read();
    } catch (const InputError& error) {
      const std::string sentence = error.what();
      EXPECT_FALSE(sentence.empty());
      EXPECT_LT(sentence.size(), 2000U) << sentence.substr(0, 200);
      return true;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "not refused as an input: " << error.what();
    }
    return false;
  }

  // `rondo inspect` in all its forms. Their output is caught, but not what this test has to say.
  static bool inspecting_refuses(const fs::path& file,
                                 std::vector<const char*> flags = {
                                     "--json", "--digest", "--digest-state", "--spectra", ""}) {
    bool all = true;
    for (const char* flag : flags) {
      std::vector<std::string> arguments = {"inspect", file.string()};
      if (*flag != '\0') arguments.emplace_back(flag);
      all &= refuses([&] {
        testing::internal::CaptureStdout();
        try {
          apps::run_rondo(arguments);
        } catch (...) {
          testing::internal::GetCapturedStdout();
          throw;
        }
        testing::internal::GetCapturedStdout();
      });
    }
    return all;
  }

  // As generate and eval read a model.
  static bool model_refuses(const fs::path& file) {
    return refuses([&] {
      const NamedState state = read_checkpoint(file);
      with_precision(state, file.string(),
                     [&]<class Real>() { const SavedModel<Real> model(state, file.string()); });
    });
  }

  // As `train --resume` does, up to a step more.
  bool resuming_refuses(const fs::path& file) {
    return refuses([&] {
      NamedState state = read_checkpoint(file);
      const Config config = resume_config(saved_config(state, file.string()), Config{}, {});
      if (config.precision == "double") {
        resume<double>(config, std::move(state));
      } else {
        resume<float>(config, std::move(state));
      }
    });
  }

  apps::bench::ScratchFolder folder_;
  Dataset data_;
  std::unique_ptr<Communicator> world_ = make_single();
  ThreadPool pool_;
  Config config_;
  NamedState state_;

 private:
  template <class Real>
  void resume(const Config& config, NamedState state) {
    check_saved_run<Real>(config, data_, state, "the checkpoint");
    Trainer<Real> trainer(config, data_, *world_, pool_, nullptr);
    trainer.restore(std::move(state));
    trainer.step();
  }
};

}  // namespace rondo::damage
