#include "gyre/train/validation.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace gyre::train {

namespace {

// Pieces of a fixed size, so that the result does not depend on the number of workers.
constexpr int kPiece = 32;

}  // namespace

double held_out_thoughts(const Replica& judge, const BatchMaker& maker, int rows,
                         WorkerPool& pool) {
  const int pieces = (rows + kPiece - 1) / kPiece;
  std::vector<int> right(pieces);
  pool.run([&](int worker) {
    for (int piece = worker; piece < pieces; piece += pool.size()) {
      const int first = piece * kPiece;
      right[piece] =
          judge.answers_right(maker.held_out_text(first, std::min(kPiece, rows - first)));
    }
  });
  return std::accumulate(right.begin(), right.end(), 0.0) / rows;
}

std::map<int, double> held_out_errors(const Replica& judge, const BatchMaker& maker, int rows,
                                      int max_delay, const ActionTokens* words, WorkerPool& pool) {
  constexpr int kDelays = 3;
  const int pieces = (rows + kPiece - 1) / kPiece;
  std::map<int, double> by_delay;
  for (int i = 0; i <= kDelays; ++i) {
    const int delay = (i * max_delay + kDelays - 1) / kDelays;
    if (by_delay.contains(delay)) continue;
    std::vector<double> errors(pieces);
    pool.run([&](int worker) {
      for (int piece = worker; piece < pieces; piece += pool.size()) {
        const int first = piece * kPiece;
        const Batch batch = maker.held_out(first, std::min(kPiece, rows - first), delay);
        errors[piece] = judge.chunk_error(batch, words);
      }
    });
    for (const double part : errors) by_delay[delay] += part / rows;
  }
  return by_delay;
}

}  // namespace gyre::train
