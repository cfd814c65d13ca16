#pragma once

#include "bridge.h"

#include <ATen/core/Tensor.h>

#include <exception>
#include <string>

namespace mlp {

void set_error(const char* message);

// Runs the body; on an exception stores libtorch's own message and returns `failure`.
template <class Result, class Body>
Result guarded(Result failure, Body&& body) {
  try {
    return body();
  } catch (const c10::Error& e) {
    set_error(e.what_without_backtrace());
  } catch (const std::exception& e) {
    set_error(e.what());
  } catch (...) {
    set_error("unknown exception in libtorch");
  }
  return failure;
}

// A handle is a TensorImpl with one reference taken; undefined tensors are null.
inline void* release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

// A tensor for the length of one call; the caller keeps its own reference.
inline at::Tensor borrow(void* handle) {
  if (handle == nullptr) return {};
  return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(
      static_cast<at::TensorImpl*>(handle)));
}

inline at::TensorImpl* impl(void* handle) { return static_cast<at::TensorImpl*>(handle); }

}  // namespace mlp
