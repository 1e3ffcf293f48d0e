#include "gyre/data/picture_decoder.h"

#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::data {

Image PictureDecoder::decode(const std::shared_ptr<const EncodedPicture>& picture) {
  if (picture->format != EncodedPicture::Format::kH264) {
    return io::decode_image(picture->bytes, camera_);
  }
  if (!video_) video_ = std::make_unique<io::VideoDecoder>(camera_);
  return decode_packet(picture);
}

Image PictureDecoder::decode_packet(const std::shared_ptr<const EncodedPicture>& picture) {
  if (picture->depth > kMostReferences) throw Error(camera_, "has too few key packets");
  if (picture->reference && picture->reference != last_) decode_packet(picture->reference);
  last_.reset();
  Image image = video_->decode(picture->bytes);
  last_ = picture;
  return image;
}

}  // namespace gyre::data
