// The centre of the library: any operator of libtorch, by name, through the dispatcher with boxed values.
#include "support.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include <cstdlib>
#include <utility>
#include <vector>

using c10::IValue;

namespace mlp {
namespace {

// c10::optional in old versions of libtorch, std::optional in new ones.
using OptionalTensor = decltype(std::declval<IValue&>().toOptional<at::Tensor>());

IValue to_ivalue(const Value& value) {
  switch (value.tag) {
    case None: return {};
    case Tensor: return value.pointer == nullptr ? IValue(at::Tensor()) : IValue(borrow(value.pointer));
    case Int: return value.integer;
    case Double: return value.real;
    case Bool: return value.integer != 0;
    case String: return std::string(static_cast<const char*>(value.pointer), value.count);
    case Device: return c10::Device(static_cast<c10::DeviceType>(value.count), static_cast<c10::DeviceIndex>(value.integer));
    case Generator: return *static_cast<at::Generator*>(value.pointer);
    case Complex: {
      auto parts = static_cast<const double*>(value.pointer);
      return c10::complex<double>(parts[0], parts[1]);
    }
    case IntList: {
      auto items = static_cast<const int64_t*>(value.pointer);
      return IValue(at::IntArrayRef(items, value.count));
    }
    case DoubleList: {
      auto items = static_cast<const double*>(value.pointer);
      return IValue(at::ArrayRef<double>(items, value.count));
    }
    case BoolList: {
      c10::List<bool> list;
      for (int i = 0; i < value.count; i++) list.push_back(static_cast<const int64_t*>(value.pointer)[i] != 0);
      return list;
    }
    case TensorList: {
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      for (int i = 0; i < value.count; i++) list.push_back(borrow(static_cast<void**>(value.pointer)[i]));
      return list;
    }
    case OptionalTensorList: {
      c10::List<OptionalTensor> list;
      list.reserve(value.count);
      for (int i = 0; i < value.count; i++) {
        auto handle = static_cast<void**>(value.pointer)[i];
        list.push_back(handle == nullptr ? OptionalTensor() : OptionalTensor(borrow(handle)));
      }
      return list;
    }
    default: TORCH_CHECK(false, "unknown value tag ", value.tag);
  }
}

Value from_ivalue(IValue&& value) {
  Value result{};
  if (value.isNone()) return result;
  if (value.isTensor()) {
    result.tag = Tensor;
    result.pointer = release(std::move(value).toTensor());
  } else if (value.isBool()) {
    result.tag = Bool;
    result.integer = value.toBool();
  } else if (value.isInt()) {
    result.tag = Int;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = Double;
    result.real = value.toDouble();
  } else if (value.isTensorList()) {
    auto list = value.toTensorVector();
    auto handles = static_cast<void**>(std::malloc(sizeof(void*) * (list.size() + 1)));
    for (size_t i = 0; i < list.size(); i++) handles[i] = release(std::move(list[i]));
    result.tag = TensorList;
    result.count = static_cast<int32_t>(list.size());
    result.pointer = handles;
  } else {
    TORCH_CHECK(false, "a result of type ", value.tagKind(), " is not supported");
  }
  return result;
}

// Trailing arguments that were not given take the defaults of the operator's schema, so that operators which gained
// arguments in later versions of libtorch are called alike.
void push_defaults(const c10::FunctionSchema& schema, size_t given, std::vector<IValue>& stack) {
  const auto& arguments = schema.arguments();
  TORCH_CHECK(given <= arguments.size(), schema.operator_name(), " takes ", arguments.size(), " arguments, ", given, " were given");
  for (size_t i = given; i < arguments.size(); i++) {
    const auto& value = arguments[i].default_value();
    TORCH_CHECK(value.has_value(), schema.operator_name(), " needs a value for ", arguments[i].name());
    stack.push_back(*value);
  }
}

}  // namespace
}  // namespace mlp

using namespace mlp;

// Null when this libtorch has no such operator.
MLP_EXPORT void* mlp_operator(const char* name, const char* overload) {
  return guarded<void*>(nullptr, [&]() -> void* {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "this libtorch has no operator ", name, *overload ? "." : "", overload);
    return new c10::OperatorHandle(*found);  // lives as long as the process
  });
}

// Returns the number of results of the operator, of which at most `capacity` are stored, or -1.
MLP_EXPORT int32_t mlp_call(void* op, const Value* arguments, int32_t given, Value* results, int32_t capacity) {
  return guarded<int32_t>(-1, [&] {
    const auto& handle = *static_cast<c10::OperatorHandle*>(op);
    const auto& schema = handle.schema();
    std::vector<IValue> stack;
    stack.reserve(schema.arguments().size() + 2);
    for (int i = 0; i < given; i++) stack.push_back(to_ivalue(arguments[i]));
    push_defaults(schema, given, stack);
    handle.callBoxed(&stack);
    auto count = static_cast<int32_t>(stack.size());
    for (int i = 0; i < count && i < capacity; i++) results[i] = from_ivalue(std::move(stack[i]));
    return count;
  });
}

MLP_EXPORT void mlp_free(void* memory) { std::free(memory); }
