// Per-thread modes, generators, threads, devices, versions.
#include "support.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/version.h>

#include <mutex>
#include <string>

using namespace mlp;

namespace {

thread_local std::string last_error;

at::Generator& generator(void* handle) { return *static_cast<at::Generator*>(handle); }

c10::Device device(int32_t type, int32_t index) {
  return {static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index)};
}

at::Generator default_generator(c10::Device device) { return at::globalContext().defaultGenerator(device); }

}  // namespace

void mlp::set_error(const char* message) { last_error = message; }

MLP_EXPORT const char* mlp_error() { return last_error.c_str(); }

MLP_EXPORT int32_t mlp_grad_mode() { return c10::GradMode::is_enabled(); }
MLP_EXPORT void mlp_set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

// The guard restores what it found; it must be released on the thread that created it.
MLP_EXPORT void* mlp_inference_guard(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
MLP_EXPORT void mlp_inference_guard_free(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
MLP_EXPORT int32_t mlp_inference_mode() { return c10::InferenceMode::is_enabled(); }

MLP_EXPORT void* mlp_generator(int32_t type, int32_t index, uint64_t seed) {
  return guarded<void*>(nullptr, [&]() -> void* {
    auto where = device(type, index);
    // A clone of the default one is the only way to a generator of another device that needs none of its headers.
    auto created = where.is_cpu() ? at::detail::createCPUGenerator(seed) : default_generator(where).clone();
    created.set_current_seed(seed);
    return new at::Generator(std::move(created));
  });
}

MLP_EXPORT void* mlp_generator_default(int32_t type, int32_t index) {
  return guarded<void*>(nullptr, [&]() -> void* { return new at::Generator(default_generator(device(type, index))); });
}

MLP_EXPORT void mlp_generator_free(void* handle) { delete static_cast<at::Generator*>(handle); }

MLP_EXPORT int32_t mlp_generator_set_seed(void* handle, uint64_t seed) {
  return guarded<int32_t>(-1, [&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    generator(handle).set_current_seed(seed);
    return 0;
  });
}

MLP_EXPORT uint64_t mlp_generator_seed(void* handle) {
  return guarded<uint64_t>(0, [&] { return generator(handle).current_seed(); });
}

MLP_EXPORT void* mlp_generator_state(void* handle) {
  return guarded<void*>(nullptr, [&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    return release(generator(handle).get_state());
  });
}

MLP_EXPORT int32_t mlp_generator_set_state(void* handle, void* state) {
  return guarded<int32_t>(-1, [&] {
    std::lock_guard<std::mutex> lock(generator(handle).mutex());
    generator(handle).set_state(borrow(state));
    return 0;
  });
}

// Seeds the default generator of every device.
MLP_EXPORT int32_t mlp_manual_seed(uint64_t seed) {
  return guarded<int32_t>(-1, [&] {
    at::manual_seed(seed);
    return 0;
  });
}

MLP_EXPORT int32_t mlp_threads() { return at::get_num_threads(); }
MLP_EXPORT int32_t mlp_interop_threads() { return at::get_num_interop_threads(); }

MLP_EXPORT int32_t mlp_set_threads(int32_t count) {
  return guarded<int32_t>(-1, [&] {
    at::set_num_threads(count);
    return 0;
  });
}

MLP_EXPORT int32_t mlp_set_interop_threads(int32_t count) {
  return guarded<int32_t>(-1, [&] {
    at::set_num_interop_threads(count);
    return 0;
  });
}

// 0 where libtorch has no support for the device type, or finds no device.
MLP_EXPORT int32_t mlp_device_count(int32_t type) {
  return guarded<int32_t>(0, [&]() -> int32_t {
    auto kind = static_cast<c10::DeviceType>(type);
    if (!c10::impl::hasDeviceGuardImpl(kind)) return 0;
    return c10::impl::VirtualGuardImpl(kind).deviceCount();
  });
}

// Waits for the current stream, which is the one that all of this library's work goes to.
MLP_EXPORT int32_t mlp_device_synchronize(int32_t type, int32_t index) {
  return guarded<int32_t>(-1, [&] {
    c10::impl::VirtualGuardImpl guard(static_cast<c10::DeviceType>(type));
    guard.synchronizeStream(guard.getStream(index < 0 ? guard.getDevice() : device(type, index)));
    return 0;
  });
}

enum Flag : int32_t { MatmulTF32 = 0, CudnnTF32 = 1, HasCudnn = 2 };

MLP_EXPORT int32_t mlp_flag(int32_t flag) {
  return guarded<int32_t>(0, [&]() -> int32_t {
    auto& context = at::globalContext();
    switch (flag) {
      case MatmulTF32: return context.allowTF32CuBLAS();
      case CudnnTF32: return context.allowTF32CuDNN();
      case HasCudnn: return at::detail::getCUDAHooks().hasCuDNN();
      default: return 0;
    }
  });
}

MLP_EXPORT int32_t mlp_set_flag(int32_t flag, int32_t value) {
  return guarded<int32_t>(-1, [&] {
    auto& context = at::globalContext();
    switch (flag) {
      case MatmulTF32: context.setAllowTF32CuBLAS(value != 0); break;
      case CudnnTF32: context.setAllowTF32CuDNN(value != 0); break;
      default: TORCH_CHECK(false, "unknown flag ", flag);
    }
    return 0;
  });
}

MLP_EXPORT const char* mlp_version() { return TORCH_VERSION; }
