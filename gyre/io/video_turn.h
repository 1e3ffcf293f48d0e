#pragma once

extern "C" {
#include <libavformat/avformat.h>
}

#include "gyre/core/image.h"

// How a camera that lay on its side stored its pictures: shared by video*.cc alone.
namespace gyre::io {

struct Turn {
  int quarters = 0;       // clockwise, 0 to 3, to show a stored picture upright
  bool mirrored = false;  // left and right change places first
  bool operator==(const Turn&) const = default;
};

// By the track's display matrix; none where it has none. A matrix that is no quarter turn counts as
// the nearest one.
Turn turn_of(const AVStream& stream);

Image turned(Image image, Turn turn);

}  // namespace gyre::io
