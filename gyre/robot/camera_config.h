#pragma once

#include <string>

namespace gyre {

// How a camera stands and is set: [camera.<name>] of robot.toml.
struct CameraConfig {
  // Shares of the picture that are cut off at each side, after it was straightened, 0 .. 1.
  struct Crop {
    double left = 0, right = 0, top = 0, bottom = 0;
    template <class Visitor>
    void visit(Visitor& v) {
      v("left", left, "share of the width cut off at the left");
      v("right", right, "share of the width cut off at the right");
      v("top", top, "share of the height cut off at the top");
      v("bottom", bottom, "share of the height cut off at the bottom");
    }
    bool operator==(const Crop&) const = default;
  };
  // A lens as OpenCV's calibration tells it: focal lengths and centre in pixels of width x height,
  // radial (k) and tangential (p) distortion. fx 0: pictures are not straightened.
  struct Lens {
    double fx = 0, fy = 0, cx = 0, cy = 0;
    double k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0;
    template <class Visitor>
    void visit(Visitor& v) {
      v("fx", fx, "focal length (pixels); 0: pictures are not straightened");
      v("fy", fy, "focal length (pixels)");
      v("cx", cx, "centre (pixels)");
      v("cy", cy, "centre (pixels)");
      v("k1", k1, "radial distortion");
      v("k2", k2, "radial distortion");
      v("p1", p1, "tangential distortion");
      v("p2", p2, "tangential distortion");
      v("k3", k3, "radial distortion");
    }
    bool operator==(const Lens&) const = default;
  };

  std::string device;  // "/dev/v4l/by-id/..."
  int width = 640, height = 480;
  double fps = 30;
  std::string format = "auto";  // "mjpg", "yuyv", or "auto": what gives size and rate
  int exposure_us = 0;          // 0: the camera's own choice
  int focus = -1;               // in the camera's unit; -1: the camera's own choice
  int gain = -1;                // in the camera's unit; -1: as it is
  int white_balance_k = 0;      // kelvin; 0: the camera's own choice
  int rotate = 0;               // degrees clockwise: 0, 90, 180 or 270
  Crop crop;
  Lens lens;
  template <class Visitor>
  void visit(Visitor& v) {
    v("device", device, "path that outlives a reboot: /dev/v4l/by-id/...");
    v("width", width, "pixels that the camera gives");
    v("height", height, "pixels that the camera gives");
    v("fps", fps, "pictures a second");
    v("format", format, "mjpg, yuyv, or auto");
    v("exposure_us", exposure_us, "exposure time; 0: automatic");
    v("focus", focus, "focus in the camera's unit; -1: automatic");
    v("gain", gain, "gain in the camera's unit; -1: as it is");
    v("white_balance_k", white_balance_k, "white balance (K); 0: automatic");
    v("rotate", rotate, "degrees clockwise: 0, 90, 180 or 270");
    v("crop", crop, "what is cut off");
    v("lens", lens, "distortion of the lens");
  }
  bool operator==(const CameraConfig&) const = default;

  // Throws Error naming `key` and the field that is out of range.
  void validate(const std::string& key) const;
};

}  // namespace gyre
