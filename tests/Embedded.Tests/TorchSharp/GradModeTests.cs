using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class GradModeTests
{
    private static T OnAnotherThread<T>(Func<T> work)
    {
        T? result = default;
        var thread = new Thread(() => result = work());
        thread.Start();
        thread.Join();
        return result!;
    }

    private static bool Records()
    {
        using var w = ones(1, requires_grad: true);
        using var y = w * 2;
        return y.requires_grad;
    }

    [Fact]
    public void No_grad_stops_recording_on_its_thread_only()
    {
        Assert.True(Records());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False(Records());
            Assert.True(OnAnotherThread(Records));
            using (enable_grad()) Assert.True(Records());
            Assert.False(Records());
        }
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Inference_mode_is_a_matter_of_the_thread()
    {
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False(Records());
            Assert.False(OnAnotherThread(is_inference_mode_enabled));
            Assert.True(OnAnotherThread(Records));
            using (inference_mode(false)) Assert.True(Records());
        }
        Assert.False(is_inference_mode_enabled());
        Assert.True(Records());
    }

    [Fact]
    public void Tensors_made_in_inference_mode_take_no_part_in_training()
    {
        Tensor x;
        using (inference_mode()) x = ones(2);
        using var w = ones(2, requires_grad: true);
        var e = Assert.ThrowsAny<ExternalException>(() => w * x);
        Assert.Contains("Inference tensors cannot be saved for backward", e.Message, StringComparison.Ordinal);
    }
}
