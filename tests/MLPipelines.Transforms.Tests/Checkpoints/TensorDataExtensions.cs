using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Checkpoints;

static class TensorDataExtensions
{
    /// <summary>A float32 tensor of a file as a tensor of the library.</summary>
    public static Tensor ToTensor(this TensorData data)
    {
        Assert.Equal("F32", data.DType);
        var values = zeros([.. data.Shape], ScalarType.Float32);
        data.Data.Span.CopyTo(values.bytes);
        return values;
    }
}
