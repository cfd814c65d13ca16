using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Sets the grad mode of the current thread until disposed.</summary>
internal sealed class AutoGradMode : IDisposable
{
    private readonly int before = Native.mlp_grad_mode();

    internal AutoGradMode(bool enabled) => Native.mlp_set_grad_mode(enabled ? 1 : 0);

    internal static bool IsEnabled => Native.mlp_grad_mode() != 0;

    public void Dispose() => Native.mlp_set_grad_mode(before);
}

/// <summary>Sets the inference mode of the current thread until disposed on the same thread.</summary>
internal sealed class InferenceMode(bool mode) : IDisposable
{
    private nint guard = Native.mlp_inference_guard(mode ? 1 : 0);

    internal static bool IsEnabled => Native.mlp_inference_mode() != 0;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref guard, 0) is var owned and not 0) Native.mlp_inference_guard_free(owned);
    }
}

public static partial class torch
{
    public static IDisposable no_grad() => new AutoGradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);

    public static bool is_grad_enabled() => AutoGradMode.IsEnabled;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => InferenceMode.IsEnabled;

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool create_graph = false, bool retain_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static partial class autograd
    {
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            using var outs = new HeldTensors(outputs);
            using var ins = new HeldTensors(inputs);
            using var grads = new HeldTensors(grad_outputs);
            var results = new nint[inputs.Count];
            fixed (nint* o = outs.Addresses, i = ins.Addresses, g = grads.Addresses, r = results)
            {
                Native.Check(Native.mlp_grad(
                    o, outs.Addresses.Length, i, ins.Addresses.Length, g, grads.Addresses.Length,
                    retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }
            return [.. results.Select(result => new Tensor(result))];
        }

        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            using var outs = new HeldTensors(tensors);
            using var ins = new HeldTensors(inputs);
            using var grads = new HeldTensors(grad_tensors);
            fixed (nint* o = outs.Addresses, i = ins.Addresses, g = grads.Addresses)
            {
                Native.Check(Native.mlp_backward(
                    o, outs.Addresses.Length, g, grads.Addresses.Length, i, ins.Addresses.Length,
                    retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0));
            }
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }
}
