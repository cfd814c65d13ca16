using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Scoring;

/// <summary>Reads the name of a device.</summary>
public static class ComputeDevice
{
    /// <summary>The device of a name.</summary>
    /// <param name="name"><c>auto</c> (the first GPU where there is one, otherwise the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="InvalidOperationException">There is no such GPU.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!TryRead(name, out var index)) throw Failures.BadDevice(name);
        var devices = cuda.is_available() ? cuda.device_count() : 0;
        if (index < 0 || (name == "auto" && devices == 0)) return CPU;
        return index < devices ? new Device(DeviceType.CUDA, index) : throw Failures.NoSuchDevice(name, devices);
    }

    /// <summary>Whether a name is known and this machine has the device.</summary>
    /// <param name="name">The name.</param>
    public static bool IsAvailable(string name) => TryRead(name, out var index) && (index < 0 || name == "auto" || (cuda.is_available() && index < cuda.device_count()));

    /// <summary>Whether a name is one that <see cref="Parse"/> knows, whatever devices this machine has.</summary>
    /// <param name="name">The name.</param>
    public static bool IsKnown(string? name) => name is not null && TryRead(name, out _);

    /// <summary>The name where this machine has the device, otherwise <c>auto</c>: the machine that saved a model may have had another GPU.</summary>
    internal static string OrAuto(string name) => IsAvailable(name) ? name : "auto";

    /// <summary>Moves a model that a scorer takes over.</summary>
    /// <param name="model">The model.</param>
    /// <param name="current">Where it is.</param>
    /// <param name="name">The name of the device where it should be.</param>
    internal static void Move<T>(T model, Device current, string name)
        where T : nn.Module
    {
        var device = Parse(name);
        if (device.type == current.type && (device.type == DeviceType.CPU || device.index == current.index)) return;
        // Parameters made in inference mode could never be trained.
        using var ordinary = inference_mode(false);
        model.to(device);
    }

    /// <summary>The index of the GPU; −1 for the CPU.</summary>
    static bool TryRead(string name, out int index)
    {
        index = name == "cpu" ? -1 : 0;
        return name is "cpu" or "auto" or "cuda"
            || (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index));
    }
}
