using MLPipelines.Components;

namespace MLPipelines;

// Devices and sentence embeddings, codes MLP130 to MLP139.
static partial class Failures
{
    /// <summary>MLP130: the name of a device is not one.</summary>
    public static ArgumentException BadDevice(string device) => new(Errors.Text("MLP130", $"the device '{device}' is not known", expected: "auto, cpu, cuda or cuda:N"));

    /// <summary>MLP131: a device is not on this machine.</summary>
    public static InvalidOperationException NoSuchDevice(string device, int devices)
        => new(Errors.Text("MLP131", $"the device '{device}' is not available", got: Invariant($"{devices} CUDA devices"), advice: "Use cpu, or auto to take a GPU only where there is one"));
}
