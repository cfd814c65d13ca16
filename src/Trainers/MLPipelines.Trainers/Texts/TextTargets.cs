using static TorchSharp.torch;

namespace MLPipelines.Trainers.Texts;

/// <summary>Targets of a batch as tensors on the CPU.</summary>
static class TextTargets
{
    /// <summary>One number for each label, float32 [B, L].</summary>
    /// <param name="rows">The numbers of each row.</param>
    /// <param name="labels">The number of labels L.</param>
    public static Tensor Dense(IEnumerable<float[]> rows, int labels)
    {
        float[] values = [.. rows.SelectMany(row => row)];
        return tensor(values, [values.Length / labels, labels]);
    }

    /// <summary>The index of each row's class, int64 [B].</summary>
    public static Tensor Classes(IReadOnlyList<int> rows, IReadOnlyList<int> classes) => tensor(rows.Select(row => (long)classes[row]).ToArray());
}
