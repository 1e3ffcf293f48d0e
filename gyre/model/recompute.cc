#include "gyre/model/recompute.h"

#include <utility>

namespace gyre::model {
namespace {

using torch::Tensor;
using torch::autograd::variable_list;

// Autograd's nodes take no undefined tensors.
Tensor stand_in(const Tensor& tensor) { return tensor.defined() ? tensor : torch::empty({0}); }
Tensor undefined_again(const Tensor& tensor) { return tensor.numel() == 0 ? Tensor() : tensor; }

struct HeldBody : torch::CustomClassHolder {
  explicit HeldBody(LayerBody given) : body(std::move(given)) {}
  LayerBody body;
};

class Recompute : public torch::autograd::Function<Recompute> {
 public:
  // `asks` makes autograd record the node where only weights need gradients.
  static variable_list forward(torch::autograd::AutogradContext* context, const LayerBody& body,
                               const Tensor& a, const Tensor& b, const Tensor& c, const Tensor& d,
                               const Tensor& asks) {
    context->save_for_backward({a, b, c, d});
    context->saved_data["body"] = c10::IValue::make_capsule(c10::make_intrusive<HeldBody>(body));
    (void)asks;
    const LayerOutputs outputs =
        body({undefined_again(a), undefined_again(b), undefined_again(c), undefined_again(d)});
    return {stand_in(outputs[0]), stand_in(outputs[1]), stand_in(outputs[2])};
  }

  static variable_list backward(torch::autograd::AutogradContext* context,
                                const variable_list& gradients) {
    const auto held =
        c10::static_intrusive_pointer_cast<HeldBody>(context->saved_data["body"].toCapsule());
    const variable_list saved = context->get_saved_variables();
    LayerInputs inputs;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (saved[i].numel() == 0) continue;
      inputs[i] = saved[i].detach().requires_grad_(saved[i].requires_grad());
    }
    variable_list ends, of_ends;
    {
      const torch::AutoGradMode with_gradients(true);
      const LayerOutputs outputs = held->body(inputs);
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (!outputs[i].defined() || !gradients[i].defined() || !outputs[i].requires_grad()) {
          continue;
        }
        ends.push_back(outputs[i]);
        of_ends.push_back(gradients[i]);
      }
    }
    if (!ends.empty()) torch::autograd::backward(ends, of_ends);
    variable_list result = {Tensor()};  // of the body
    for (const Tensor& input : inputs) result.push_back(input.defined() ? input.grad() : Tensor());
    result.emplace_back();  // of `asks`
    return result;
  }
};

}  // namespace

LayerOutputs recompute_later(LayerBody body, const LayerInputs& inputs) {
  const auto asks = torch::empty({0}).requires_grad_();
  const variable_list outputs =
      Recompute::apply(std::move(body), stand_in(inputs[0]), stand_in(inputs[1]),
                       stand_in(inputs[2]), stand_in(inputs[3]), asks);
  return {undefined_again(outputs[0]), undefined_again(outputs[1]), undefined_again(outputs[2])};
}

}  // namespace gyre::model
