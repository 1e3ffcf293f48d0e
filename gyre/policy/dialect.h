#pragma once

namespace gyre {

// Where the two projects that publish π0 and π0.5 do the same thing in different ways.
enum class Dialect { kLeRobot, kOpenpi };

}  // namespace gyre
