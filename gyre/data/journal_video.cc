#include "gyre/data/journal_video.h"

#include <algorithm>

#include "gyre/core/error.h"

namespace gyre::data {

bool is_video_picture(const Image& image) {
  constexpr int kLosslessSide = 128;  // pixels; smaller pictures are PNG
  return std::max(image.width, image.height) > kLosslessSide && image.width % 2 == 0 &&
         image.height % 2 == 0;
}

void VideoTracks::encode(const CameraSpec& camera, int index, const Picture& picture, int64_t chunk,
                         std::vector<uint8_t>& packet) {
  Track& track = tracks_[index];
  const Image& image = picture.image;
  if (!track.encoder || track.encoder->width() != image.width ||
      track.encoder->height() != image.height) {
    track.encoder = std::make_unique<io::VideoEncoder>(camera.name, image.width, image.height);
    track.id = -1;
  }
  const bool follows = track.id >= 0 && picture.id == track.id + 1;
  track.encoder->encode(image, track.chunk != chunk || !follows, packet);
  track.chunk = chunk;
  track.id = picture.id;
}

PictureRef VideoStreams::take(int camera, const PictureRef& picture, bool pixels) {
  Stream& stream = streams_[camera];
  const auto linked = std::make_shared<EncodedPicture>(*picture->encoded);
  if (!io::is_key_packet(linked->bytes)) {
    const bool follows = stream.last && stream.id + 1 == picture->id;
    if (!follows || stream.last->depth >= kMostReferences) return {};
    linked->reference = stream.last;
    linked->depth = stream.last->depth + 1;
  }
  stream.last.reset();
  Picture whole{.image = {}, .time_ns = picture->time_ns, .id = picture->id, .encoded = linked};
  if (pixels) {
    if (!stream.decoder) {
      stream.decoder = std::make_unique<PictureDecoder>("camera " + std::to_string(camera));
    }
    try {
      whole.image = stream.decoder->decode(linked);
    } catch (const Error&) {
      return {};
    }
  }
  stream.last = linked;
  stream.id = picture->id;
  return PictureRef(std::move(whole));
}

}  // namespace gyre::data
