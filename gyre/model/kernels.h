#pragma once

#include <cstdint>

// Loops over float32 in the processor's cache that LibTorch makes of four to six passes over memory
// each: a third of a training step of a small policy. One thread.
namespace gyre::model {

// y = max(0, x (1 + scale) + shift). x and y [images, pixels, channels], film [images, 2 channels]:
// scales, then shifts.
struct FilmShape {
  int64_t images, pixels, channels;
};
void film_relu(const FilmShape& shape, const float* x, const float* film, int64_t film_stride,
               float* y);
// Writes the gradients of x and (all of it) of film from y and its gradient.
void film_relu_backward(const FilmShape& shape, const float* x, const float* film,
                        int64_t film_stride, const float* y, const float* y_gradient,
                        float* x_gradient, float* film_gradient);

// y = gelu(gate) up, gelu in the tanh form.
void gelu_product(int64_t count, const float* gate, const float* up, float* y);
void gelu_product_backward(int64_t count, const float* gate, const float* up,
                           const float* y_gradient, float* gate_gradient, float* up_gradient);

// y = x / sqrt(mean x^2 + 1e-6) (1 + scale) + shift for rows of `width`, `run` rows for each of the
// `conditions`, whose scales and shifts lie `stride` apart; shift may be null. inverse [rows] keeps
// 1 / sqrt(..) for the way back.
struct RmsShape {
  int64_t conditions, run, width, stride;
};
void rms_modulate(const RmsShape& shape, const float* x, const float* scale, const float* shift,
                  float* y, float* inverse);
// Writes the gradients of x, and of scale and shift [conditions, width].
void rms_modulate_backward(const RmsShape& shape, const float* x, const float* scale,
                           const float* inverse, const float* y_gradient, float* x_gradient,
                           float* scale_gradient, float* shift_gradient);

}  // namespace gyre::model
