// How many steps a second a stream makes, by processor time: what the programs of streaming.py
// share, one of which is C.
//
// Before time is taken the stream reads 100 symbols, so that its weights are in the caches; what it
// says behind them shows that all sides do the same work.
#pragma once

#include <stdio.h>
#include <time.h>

// Reads a symbol, and gives the probabilities of the next one.
typedef const double* (*stream_step)(int symbol);

// Prints a line of JSON.
static void tell_rate(stream_step step, int symbols, double seconds) {
  const double* said = NULL;
  double done = 0;
  double sum = 0;  // of what is said, so that no compiler leaves a step out
  int t;
  for (t = 0; t < 100; ++t) said = step(7 * t % symbols);
  printf("{\"said\": [");
  for (t = 0; t < symbols; ++t) printf("%s%.17g", t == 0 ? "" : ", ", said[t]);
  const clock_t begin = clock();
  clock_t end = begin;
  while ((double)(end - begin) < seconds * CLOCKS_PER_SEC) {
    for (t = 0; t < 20; ++t) sum += step(7 * t % symbols)[0];
    done += t;
    end = clock();
  }
  const double taken = (double)(end - begin) / CLOCKS_PER_SEC;
  printf("], \"rate\": %.17g, \"sum\": %.17g}\n", done / taken, sum);
}
