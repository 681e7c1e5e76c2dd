// The checks of tests/unit/comm, on a real MPI world.
#include "group_checks.hpp"
#include "mpi_main.hpp"
#include "reducer_checks.hpp"

namespace rondo {
namespace {

class Mpi : public testing::TestWithParam<test::CommCheck> {};

TEST_P(Mpi, Check) { GetParam().body(test::mpi_world()); }

std::string name_of(const testing::TestParamInfo<test::CommCheck>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Comm, Mpi, testing::ValuesIn(test::comm_checks), name_of);
INSTANTIATE_TEST_SUITE_P(Groups, Mpi, testing::ValuesIn(test::group_checks), name_of);
INSTANTIATE_TEST_SUITE_P(Reducers, Mpi, testing::ValuesIn(test::reducer_checks), name_of);

TEST(MpiCommunicator, NamesTheCallThatFails) {
  std::vector<std::byte> bytes(1);
  std::string sentence;
  try {
    test::mpi_world().send(bytes, test::mpi_world().size());
  } catch (const RunError& error) {
    sentence = error.what();
  }
  EXPECT_NE(sentence.find("MPI_Isend failed: "), std::string::npos) << sentence;
}

TEST(MpiSession, DescribesTheLibraryInOneLine) {
  const std::string name = mpi_library();
  EXPECT_FALSE(name.empty());
  EXPECT_EQ(name.find_first_of("\n\t,"), std::string::npos) << name;
  EXPECT_NO_THROW(check_launcher(test::mpi_world()));
}

}  // namespace
}  // namespace rondo

int main(int argc, char** argv) { return rondo::test::run_mpi_tests(argc, argv); }
