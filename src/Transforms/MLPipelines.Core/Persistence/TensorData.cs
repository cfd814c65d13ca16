namespace MLPipelines.Persistence;

/// <summary>A tensor's values, independent of any tensor library.</summary>
/// <param name="DType">
/// The name of the element type in safetensors: <c>BOOL, U8, I8, I16, U16, I32, U32, I64, U64, F16, BF16, F32, F64, F8_E4M3, F8_E5M2</c>.
/// </param>
/// <param name="Shape">The sizes, outermost first; empty for a scalar.</param>
/// <param name="Data">The elements, contiguous in row-major order, little endian.</param>
public sealed record TensorData(string DType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data) : ITensorSource
{
    /// <inheritdoc/>
    public void Read(TensorReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (!Data.IsEmpty) reader(Data.Span, 0);
    }
}
