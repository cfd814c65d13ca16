// The C interface between the managed code and libtorch. Every function that can fail returns a negative number or null
// and leaves the message in mlp_error(), per thread.
#pragma once

#include <cstdint>

#define MLP_EXPORT extern "C" __attribute__((visibility("default")))

namespace mlp {

// The same numbers stand in ValueTag on the managed side.
enum Tag : int32_t {
  None = 0,
  Tensor = 1,
  Int = 2,
  Double = 3,
  Bool = 4,
  String = 5,
  IntList = 6,
  DoubleList = 7,
  BoolList = 8,
  TensorList = 9,
  OptionalTensorList = 10,
  Device = 11,
  Generator = 12,
  Complex = 13,
};

// One argument or result. Lists and strings: payload points to `count` elements owned by the caller (arguments) or to be
// released with mlp_free (results). Tensors: borrowed as arguments, owned by the caller as results; null is undefined.
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

}  // namespace mlp
