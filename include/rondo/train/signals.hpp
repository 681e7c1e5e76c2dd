// Signals as requests: a handler sets a flag, the training loop asks once a step.
//
//   SIGUSR1                              checkpoint and go on
//   SIGUSR2, SIGXCPU, SIGTERM, SIGINT    checkpoint and stop
//   a second SIGINT                      ends the process at once, code 130
//   SIGXFSZ                              ignored: a file beyond `ulimit -f` is a failed write
#pragma once

namespace rondo {

// Installs the handlers for the process; call after MPI_Init, which may install its own.
void install_signal_handlers();

// True once a stop was asked for, and from then on.
bool stop_signalled();
// True once for each run of SIGUSR1 since the last call.
bool take_checkpoint_signal();

}  // namespace rondo
