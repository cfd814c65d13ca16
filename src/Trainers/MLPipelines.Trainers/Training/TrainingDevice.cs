using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>Reads the name of a device.</summary>
static class TrainingDevice
{
    /// <param name="name"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="InvalidOperationException">There is no such GPU.</exception>
    public static Device Parse(string name)
    {
        if (name == "cpu") return CPU;
        if (name == "auto") return cuda.is_available() ? new Device(DeviceType.CUDA, 0) : CPU;
        var index = 0;
        var known = name == "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index));
        if (!known) throw TrainerErrors.BadDevice(name);
        var devices = cuda.is_available() ? cuda.device_count() : 0;
        return index < devices ? new Device(DeviceType.CUDA, index) : throw TrainerErrors.NoSuchDevice(name, devices);
    }
}
