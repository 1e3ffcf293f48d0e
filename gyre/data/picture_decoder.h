#pragma once

#include <memory>
#include <string>

#include "gyre/core/picture.h"
#include "gyre/io/video_stream.h"

namespace gyre::data {

// Makes pixels of one camera's pictures as journals hold them. Cheapest in the order in which they
// were recorded; any order works.
class PictureDecoder {
 public:
  explicit PictureDecoder(std::string camera) : camera_(std::move(camera)) {}

  // Throws Error for a damaged picture.
  Image decode(const std::shared_ptr<const EncodedPicture>& picture);

 private:
  std::string camera_;
  std::unique_ptr<io::VideoDecoder> video_;
  std::shared_ptr<const EncodedPicture> last_;  // that the video decoder took

  Image decode_packet(const std::shared_ptr<const EncodedPicture>& picture);
};

// The longest way from a packet to the one that refers to none.
inline constexpr int kMostReferences = 250;

}  // namespace gyre::data
