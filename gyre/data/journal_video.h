#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/picture.h"
#include "gyre/data/picture_decoder.h"
#include "gyre/io/video_stream.h"

// The large pictures of a journal: a stream of H.264 for each camera, a packet a picture.
namespace gyre::data {

// Whether a journal holds such a picture as H.264: more than 128 pixels on a side, sides even.
bool is_video_picture(const Image& image);

// Encodes the streams of one journal.
class VideoTracks {
 public:
  // The packet of a camera's picture in a chunk of that number. The first in a chunk refers to
  // nothing, and so does one that does not follow the picture before.
  void encode(const CameraSpec& camera, int index, const Picture& picture, int64_t chunk,
              std::vector<uint8_t>& packet);

 private:
  struct Track {
    std::unique_ptr<io::VideoEncoder> encoder;
    int64_t chunk = -1, id = -1;  // of the last packet
  };
  std::map<int, Track> tracks_;
};

// Puts packets that are read into their order again, and decodes them.
class VideoStreams {
 public:
  // Ties a picture, read as a packet by itself, to the one that it refers to, and decodes it where
  // `pixels`. Answers an empty reference where the packet or the one before it is damaged.
  PictureRef take(int camera, const PictureRef& picture, bool pixels);

 private:
  struct Stream {
    std::shared_ptr<const EncodedPicture> last;
    int64_t id = -1;  // of it
    std::unique_ptr<PictureDecoder> decoder;
  };
  std::map<int, Stream> streams_;
};

}  // namespace gyre::data
