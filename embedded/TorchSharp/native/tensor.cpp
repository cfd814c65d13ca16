// What is not an operator: handles, metadata, autograd.
#include "support.h"

#include <torch/csrc/autograd/autograd.h>

#include <vector>

using namespace mlp;

namespace {

std::vector<at::Tensor> borrow_all(void** handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

}  // namespace

MLP_EXPORT void mlp_tensor_free(void* handle) {
  // Taken over without a new reference: the destructor gives back the caller's.
  auto tensor = c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(impl(handle));
}

// One more reference to the same tensor.
MLP_EXPORT void* mlp_tensor_alias(void* handle) { return release(borrow(handle)); }

struct TensorInfo {
  int64_t dimensions;
  int64_t elements;
  int64_t element_size;
  int32_t dtype;
  int32_t layout;
  int32_t device_type;
  int32_t device_index;
  int32_t requires_grad;
  int32_t is_leaf;
  int32_t is_inference;
  int32_t is_view;
};

MLP_EXPORT int32_t mlp_tensor_info(void* handle, TensorInfo* info) {
  return guarded<int32_t>(-1, [&] {
    auto tensor = borrow(handle);
    auto device = tensor.device();
    info->dimensions = tensor.dim();
    info->elements = tensor.numel();
    info->element_size = tensor.element_size();
    info->dtype = static_cast<int32_t>(tensor.scalar_type());
    info->layout = static_cast<int32_t>(tensor.layout());
    info->device_type = static_cast<int32_t>(device.type());
    info->device_index = device.index();
    info->requires_grad = tensor.requires_grad();
    info->is_leaf = tensor.is_leaf();
    info->is_inference = tensor.is_inference();
    info->is_view = tensor.is_view();
    return 0;
  });
}

// Hot paths of the managed side, each without the rest of mlp_tensor_info.
MLP_EXPORT int64_t mlp_tensor_dim(void* handle) { return impl(handle)->dim(); }
MLP_EXPORT int32_t mlp_tensor_dtype(void* handle) { return static_cast<int32_t>(c10::typeMetaToScalarType(impl(handle)->dtype())); }

MLP_EXPORT int32_t mlp_tensor_sizes(void* handle, int64_t* sizes) {
  return guarded<int32_t>(-1, [&] {
    for (auto size : impl(handle)->sizes()) *sizes++ = size;
    return 0;
  });
}

MLP_EXPORT int32_t mlp_tensor_strides(void* handle, int64_t* strides) {
  return guarded<int32_t>(-1, [&] {
    for (auto stride : impl(handle)->strides()) *strides++ = stride;
    return 0;
  });
}

MLP_EXPORT int64_t mlp_tensor_storage_offset(void* handle) {
  return guarded<int64_t>(-1, [&] { return impl(handle)->storage_offset(); });
}

MLP_EXPORT int32_t mlp_tensor_is_contiguous(void* handle) {
  return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(impl(handle)->is_contiguous()); });
}

// Address of the first element; null for empty and meta tensors, and on failure with an error set.
MLP_EXPORT int32_t mlp_tensor_data(void* handle, void** data) {
  return guarded<int32_t>(-1, [&] {
    *data = borrow(handle).data_ptr();
    return 0;
  });
}

MLP_EXPORT int32_t mlp_tensor_set_requires_grad(void* handle, int32_t value) {
  return guarded<int32_t>(-1, [&] {
    borrow(handle).set_requires_grad(value != 0);
    return 0;
  });
}

MLP_EXPORT int32_t mlp_tensor_grad(void* handle, void** grad) {
  return guarded<int32_t>(-1, [&] {
    *grad = release(borrow(handle).grad());
    return 0;
  });
}

MLP_EXPORT int32_t mlp_tensor_set_grad(void* handle, void* grad) {
  return guarded<int32_t>(-1, [&] {
    borrow(handle).mutable_grad() = borrow(grad);
    return 0;
  });
}

MLP_EXPORT int32_t mlp_tensor_retain_grad(void* handle) {
  return guarded<int32_t>(-1, [&] {
    borrow(handle).retain_grad();
    return 0;
  });
}

MLP_EXPORT int32_t mlp_backward(
    void** tensors, int32_t tensor_count, void** grads, int32_t grad_count, void** inputs, int32_t input_count,
    int32_t retain_graph, int32_t create_graph) {
  return guarded<int32_t>(-1, [&] {
    torch::autograd::backward(
        borrow_all(tensors, tensor_count), borrow_all(grads, grad_count), retain_graph != 0, create_graph != 0,
        borrow_all(inputs, input_count));
    return 0;
  });
}

// `results` has room for one handle per input; unused inputs give null.
MLP_EXPORT int32_t mlp_grad(
    void** outputs, int32_t output_count, void** inputs, int32_t input_count, void** grads, int32_t grad_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
  return guarded<int32_t>(-1, [&] {
    auto found = torch::autograd::grad(
        borrow_all(outputs, output_count), borrow_all(inputs, input_count), borrow_all(grads, grad_count),
        retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (auto& grad : found) *results++ = release(std::move(grad));
    return 0;
  });
}
