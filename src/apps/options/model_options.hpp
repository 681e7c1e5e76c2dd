// The options that commands which use a trained model share, and what they mean. A command says in
// its line of options what it says otherwise: its own help, what stands in the way.
#pragma once

#include "apps/options/options.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::apps {

Option checkpoint_option();
Option several_checkpoints_option();
Option best_option(WhyIdle idle, const std::string& of = "the run");
Option average_checkpoints_option(WhyIdle idle = nullptr);
Option threads_option(const std::string& help, const std::string& usual, WhyIdle idle = nullptr);
Option vector_option(WhyIdle idle = nullptr);
// `help`: of commands that print for programs what they print for people.
Option json_option(const std::string& help = "print everything as JSON, for programs");

// Why --best does nothing where --checkpoint names a file; nullptr where it names a run.
const char* best_of_a_file(const GivenOptions& given);

// Checkpoint or run `asked` as --best and --average-checkpoints have it (train/saved_model.hpp,
// train/checkpoint_mean.hpp). InputError where both are given.
ModelFile read_asked_model(const GivenOptions& given, const std::string& asked);

// The value of --threads.
int threads_of(const GivenOptions& given, int usual);

// Chooses the kernels by --vector and proves them, before any other thread begins. InputError,
// RunError: kernels/targets/target.hpp.
void choose_kernels(const GivenOptions& given);

}  // namespace rondo::apps
