using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Repeats work until enough time has passed.</summary>
internal static class Measure
{
    private const int StepsBetweenWaits = 10;

    /// <summary>Steps a second, after a warm-up; on a GPU the queue is emptied before the clock is read.</summary>
    internal static double StepsPerSecond(Action step, double seconds, Device device) => Steps(step, seconds, device).PerSecond;

    /// <summary>The same, and steps per second of processor time, which other programs on the machine disturb less.</summary>
    internal static (double PerSecond, double PerProcessorSecond) Steps(Action step, double seconds, Device device)
    {
        for (var i = 0; i < 3; i++)
        {
            step();
        }

        Settle(device);
        var watch = Stopwatch.StartNew();
        var (steps, before) = (0, Environment.CpuUsage.TotalTime);
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            step();
            if (++steps % StepsBetweenWaits == 0)
            {
                Settle(device);
            }
        }

        Settle(device);
        return (steps / watch.Elapsed.TotalSeconds, steps / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    internal static void Print(object measurement) => Console.WriteLine(JsonSerializer.Serialize(measurement));

    private static void Settle(Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }
    }
}
