#include "gyre/model/fused.h"

#include "gyre/model/kernels.h"

namespace gyre::model {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

bool has_kernel(const Tensor& x) {
  return x.device().is_cpu() && x.scalar_type() == torch::kFloat32;
}

Tensor channels_last(const Tensor& x) { return x.contiguous(torch::MemoryFormat::ChannelsLast); }

FilmShape film_shape(const Tensor& x) { return {x.size(0), x.size(2) * x.size(3), x.size(1)}; }

struct FilmRelu : torch::autograd::Function<FilmRelu> {
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& film) {
    const auto x = channels_last(input);
    auto y = torch::empty_like(x);
    film_relu(film_shape(x), x.data_ptr<float>(), film.data_ptr<float>(), film.stride(0),
              y.data_ptr<float>());
    context->save_for_backward({x, film, y});
    return y;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &film = saved[1], &y = saved[2];
    const auto y_gradient = channels_last(gradients[0]);
    auto x_gradient = torch::empty_like(x);
    auto film_gradient = torch::empty(film.sizes(), film.options());
    film_relu_backward(film_shape(x), x.data_ptr<float>(), film.data_ptr<float>(), film.stride(0),
                       y.data_ptr<float>(), y_gradient.data_ptr<float>(),
                       x_gradient.data_ptr<float>(), film_gradient.data_ptr<float>());
    return {x_gradient, film_gradient};
  }
};

struct GeluProduct : torch::autograd::Function<GeluProduct> {
  static Tensor forward(AutogradContext* context, const Tensor& gate, const Tensor& up) {
    auto y = torch::empty_like(gate);
    gelu_product(gate.numel(), gate.data_ptr<float>(), up.data_ptr<float>(), y.data_ptr<float>());
    context->save_for_backward({gate, up});
    return y;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &gate = saved[0], &up = saved[1];
    const auto y_gradient = gradients[0].contiguous();
    auto gate_gradient = torch::empty_like(gate), up_gradient = torch::empty_like(up);
    gelu_product_backward(gate.numel(), gate.data_ptr<float>(), up.data_ptr<float>(),
                          y_gradient.data_ptr<float>(), gate_gradient.data_ptr<float>(),
                          up_gradient.data_ptr<float>());
    return {gate_gradient, up_gradient};
  }
};

struct RmsModulate : torch::autograd::Function<RmsModulate> {
  static RmsShape shape(const Tensor& x, const Tensor& scale) {
    const int64_t width = x.size(-1), conditions = scale.size(0);
    return {conditions, x.numel() / width / conditions, width, scale.stride(0)};
  }

  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& scale,
                        const c10::optional<Tensor>& shift) {
    auto y = torch::empty_like(x);
    auto inverse = torch::empty({x.numel() / x.size(-1)}, x.options());
    rms_modulate(shape(x, scale), x.data_ptr<float>(), scale.data_ptr<float>(),
                 shift ? shift->data_ptr<float>() : nullptr, y.data_ptr<float>(),
                 inverse.data_ptr<float>());
    context->save_for_backward({x, scale, inverse});
    context->saved_data["shifted"] = shift.has_value();
    return y;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &scale = saved[1], &inverse = saved[2];
    const auto y_gradient = gradients[0].contiguous();
    auto x_gradient = torch::empty_like(x);
    auto scale_gradient = torch::empty(scale.sizes(), scale.options());
    auto shift_gradient = torch::empty(scale.sizes(), scale.options());
    rms_modulate_backward(shape(x, scale), x.data_ptr<float>(), scale.data_ptr<float>(),
                          inverse.data_ptr<float>(), y_gradient.data_ptr<float>(),
                          x_gradient.data_ptr<float>(), scale_gradient.data_ptr<float>(),
                          shift_gradient.data_ptr<float>());
    const bool shifted = context->saved_data["shifted"].toBool();
    return {x_gradient, scale_gradient, shifted ? shift_gradient : Tensor()};
  }
};

}  // namespace

Tensor film_relu(const Tensor& x, const Tensor& film) {
  if (has_kernel(x) && film.stride(1) == 1) return FilmRelu::apply(x, film);
  const auto parts = film.unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
  return torch::relu(x * (parts[0] + 1) + parts[1]);
}

Tensor gelu_product(const Tensor& gate, const Tensor& up) {
  if (has_kernel(gate)) return GeluProduct::apply(gate.contiguous(), up.contiguous());
  return torch::gelu(gate, "tanh") * up;
}

Tensor rms_modulate(const Tensor& x, const Tensor& scale, const Tensor& shift) {
  if (has_kernel(x) && scale.stride(1) == 1) {
    const c10::optional<Tensor> given = shift.defined() ? c10::make_optional(shift) : c10::nullopt;
    return RmsModulate::apply(x.contiguous(), scale, given);
  }
  const bool half = x.scalar_type() == torch::kBFloat16;
  const auto wide = half ? x.to(torch::kFloat32) : x;
  const auto normal = wide * torch::rsqrt(wide.square().mean(-1, true) + 1e-6);
  const auto runs = normal.view({scale.size(0), -1, x.size(-1)});
  auto y = runs * (scale.unsqueeze(1) + 1);
  if (shift.defined()) y = y + shift.unsqueeze(1);
  return y.view(x.sizes()).to(x.scalar_type());
}

}  // namespace gyre::model
