#include "rondo/core/failure.hpp"

#include <exception>
#include <filesystem>
#include <new>
#include <system_error>

namespace rondo {

Failure current_failure() {
  try {
    throw;
  } catch (const Error& error) {
    const bool is_none = error.code() == ExitCode::finished;
    return {is_none ? ExitCode::failure : error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::failure, "out of memory: a smaller model, batch or window needs less"};
  } catch (const std::filesystem::filesystem_error& error) {
    return {ExitCode::bad_input,
            error.path1().empty()
                ? fmt::format("the working folder cannot be used: {}", error.code().message())
                : fmt::format("'{}' cannot be used: {}", error.path1().string(),
                              error.code().message())};
  } catch (const std::system_error& error) {
    return {ExitCode::failure,
            fmt::format("the system refuses what rondo needs: {}", error.code().message())};
  } catch (const std::exception& error) {
    return {ExitCode::failure, error.what()};
  } catch (...) {
    return {ExitCode::failure, "an exception of unknown type"};
  }
}

}  // namespace rondo
