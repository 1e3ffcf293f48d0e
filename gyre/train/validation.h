#pragma once

#include <map>

#include "gyre/train/batch_maker.h"
#include "gyre/train/replica.h"
#include "gyre/train/worker_pool.h"

namespace gyre::train {

// Mean absolute errors, in normalised units, of chunks that `judge` samples (or says in `words`)
// for the first `rows` held-out observations, by the number of actions that it is given: none, and
// a third, two thirds and all of `max_delay`. The same for any number of workers.
std::map<int, double> held_out_errors(const Replica& judge, const BatchMaker& maker, int rows,
                                      int max_delay, const ActionTokens* words, WorkerPool& pool);

// Share of the first `rows` held-out questions for the subtask that `judge` answers rightly, token
// by token.
double held_out_thoughts(const Replica& judge, const BatchMaker& maker, int rows, WorkerPool& pool);

}  // namespace gyre::train
