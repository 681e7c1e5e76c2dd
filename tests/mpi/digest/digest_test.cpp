// The promise as a test: the same bits for any number of ranks and threads, on every vector target,
// resumed or not. What they are compared with is committed (goldens.txt), so that every machine and
// every compiler is held against every other. After a change of numerics (core/version.hpp), one
// rank writes them anew: build/release/mpi_digest --write-goldens
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string_view>

#include "digest_run.hpp"
#include "mpi_main.hpp"
#include "rondo/model/cell.hpp"
#include "sequence_data.hpp"

namespace rondo::test {
namespace {

class DigestTest : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    kernels::select_target("auto");
    kernels::set_float_mode();
    Communicator& world = mpi_world();
    std::string file;
    if (world.rank() == 0) {
      folder() = std::filesystem::temp_directory_path() / fmt::format("rondo-digest-{}", getpid());
      file = digest_data(folder()).string();
    }
    broadcast(world, file, 0);
    data() = std::make_unique<Dataset>(file);
    world.barrier();
    if (world.rank() == 0) std::filesystem::remove_all(folder());
  }
  static void TearDownTestSuite() { data().reset(); }

  static std::filesystem::path& folder() {
    static std::filesystem::path path;
    return path;
  }
  static std::unique_ptr<Dataset>& data() {
    static std::unique_ptr<Dataset> dataset;
    return dataset;
  }
};

TEST_P(DigestTest, IsTheGoldenOneForThisNumberOfRanks) {
  expect_golden(GetParam(),
                digest_run(mpi_world(), digest_config(GetParam()), *data(), 1, golden_steps));
}

TEST_P(DigestTest, DoesNotDependOnThreads) {
  expect_golden(GetParam(),
                digest_run(mpi_world(), digest_config(GetParam()), *data(), 2, golden_steps));
}

TEST_P(DigestTest, IsTheSameAfterAResume) {
  expect_golden(GetParam(),
                digest_run(mpi_world(), digest_config(GetParam()), *data(), 1, golden_steps, 5));
}

INSTANTIATE_TEST_SUITE_P(Cells, DigestTest, testing::ValuesIn(digest_names()),
                         [](const auto& info) { return test_name(info.param); });

void write_goldens() {
  kernels::select_target("auto");
  kernels::set_float_mode();
  const auto folder = std::filesystem::temp_directory_path() / "rondo-goldens";
  const Dataset data(digest_data(folder)), wide(wide_data(folder));
  const std::vector<std::string> names = digest_names();  // the present goldens have a say in them
  std::ofstream file(RONDO_DIGEST_GOLDENS);
  const auto write = [&file](const std::string& name, const Digests& digests) {
    file << name << ' ' << digests.parameters << ' ' << digests.state << ' ' << digests.validation
         << ' ' << digests.text << '\n';
  };
  for (const std::string& name : names) {
    write(name, digest_run(mpi_world(), digest_config(name), data, 1, golden_steps));
  }
  for (const Variant& variant : sequence_variants()) {
    Dataset sequences(variant_data(folder, variant.name));
    sequences.read_as(sequence_config(variant.name));
    write(variant.name,
          digest_run(mpi_world(), sequence_config(variant.name), sequences, 1, golden_steps));
  }
  for (const std::string& cell : cell_names()) {
    write(cell + "-wide", digest_run(mpi_world(), wide_config(cell), wide, 1, wide_steps));
  }
}

}  // namespace

int run(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--write-goldens") {
    mpi_session() = std::make_unique<MpiSession>(argc, argv, test_message_limit);
    write_goldens();
    mpi_session().reset();
    return 0;
  }
  return run_mpi_tests(argc, argv);
}

}  // namespace rondo::test

int main(int argc, char** argv) { return rondo::test::run(argc, argv); }
