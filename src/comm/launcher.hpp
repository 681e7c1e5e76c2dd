// What started this process, and what to say where it cannot become one of several ranks. (After
// MPI has started, check_launcher of session.hpp asks.)
#pragma once

#include <sys/types.h>

namespace rondo {

// Lives while MPI starts. Open MPI 4 ends the process then, under an srun whose process manager it
// was not built for, with a page of text that leads away from today's remedy. If that happens to
// the first process of several, a line of standard error gives the remedy; it comes from a child,
// since this process may run no code any more. Elsewhere the witness does nothing. To be made while
// the process has one thread.
class StartWitness {
 public:
  StartWitness();
  ~StartWitness();
  StartWitness(const StartWitness&) = delete;
  StartWitness& operator=(const StartWitness&) = delete;

 private:
  int line_ = -1;  // to the child, which waits for a byte, or for nobody to hold this end
  pid_t child_ = -1;
};

}  // namespace rondo
