#pragma once

namespace gyre::model {

// From now on products of matrices stay on the thread that asks for them, in LibTorch and in
// OpenBLAS: nano's are too small to share, and threads that wait for each other made a training
// step three times slower. The processor is used by several replicas side by side instead.
void use_one_thread_each();

}  // namespace gyre::model
