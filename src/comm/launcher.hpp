// What started this process, and what to say where it cannot become one of several ranks. (After
// MPI has started, check_launcher of session.hpp asks.)
#pragma once

#include <sys/types.h>

namespace rondo {

// For a process that no launcher has started, before MPI starts: lets the MPI library do without
// what only several processes need. Open MPI 4 would start a daemon beside the process, which ends
// both where there is no ssh or rsh on the PATH, and make a folder for it in TMPDIR, which may be
// full. Other libraries know nothing of it. A setting of the user's wins. To be called while the
// process has one thread.
void settle_for_alone();

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
