namespace MLPipelines.Persistence;

/// <summary>A tensor whose values are read when they are needed, so that a file of tensors larger than memory can be worked on.</summary>
public interface ITensorSource
{
    /// <summary>The name of the element type in safetensors; see <see cref="TensorData"/>.</summary>
    string DType { get; }

    /// <summary>The sizes, outermost first; empty for a scalar.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>Reads the values, in row-major order, little endian, piece by piece.</summary>
    /// <param name="reader">Called with each piece; a piece holds whole elements and is valid during the call only. Not called for a tensor without elements.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or a value is not finite.</exception>
    void Read(TensorReader reader);
}
