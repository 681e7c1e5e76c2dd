// Signals as requests: a handler sets a flag, the training loop asks once a step, and so does
// whatever waits before it.
//
//   SIGUSR1                                      checkpoint and go on
//   SIGUSR2, SIGXCPU, SIGTERM, SIGINT, SIGHUP    checkpoint and stop
//   a second SIGINT                              ends the process at once, code 130
//   SIGXFSZ                                      ignored: a file beyond `ulimit -f` is a failed
//   write
//
// SIGHUP stays ignored where it is at the start, as under nohup.
#pragma once

namespace rondo {

// Installs the handlers for the process. To be called first of all, since until then a signal ends
// the process, and once more after MPI_Init, which may install handlers of its own.
void install_signal_handlers();

// True once a stop was asked for, and from then on.
bool stop_signalled();
// True once for each run of SIGUSR1 since the last call.
bool take_checkpoint_signal();

}  // namespace rondo
