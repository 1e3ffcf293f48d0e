#pragma once

namespace gyre {

// The project whose convention applies where LeRobot and openpi differ.
enum class Dialect { kLeRobot, kOpenpi };

}  // namespace gyre
