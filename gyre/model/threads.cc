#include "gyre/model/threads.h"

#include <dlfcn.h>

#include "gyre/model/torch.h"

namespace gyre::model {

void use_one_thread_each() {
  torch::set_num_threads(1);
  // LibTorch does not pass the number on to a BLAS other than MKL.
  using SetThreads = void (*)(int);
  if (auto* symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) {
    reinterpret_cast<SetThreads>(symbol)(1);
  }
}

}  // namespace gyre::model
