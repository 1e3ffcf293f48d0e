#pragma once

#include <functional>

namespace gyre::feetech {

// Divides the process in two before a driver starts. The child, in which supervise() returns, goes
// on and drives; the parent waits for its end, however that comes (an exit, a crash, SIGKILL), then
// calls `keep_promise` if arm_needs_promise() was called, and exits as the child did. Signals that
// were sent to the parent alone are passed on. When the parent dies first, the child gets SIGTERM.
//
// To be called before there are threads. Throws Error where there can be no second process.
void supervise(const std::function<void()>& keep_promise);

// In the child: from here on its end leaves an arm that has to be brought to what its folder
// promises. Without supervise() it does nothing.
void arm_needs_promise() noexcept;

}  // namespace gyre::feetech
