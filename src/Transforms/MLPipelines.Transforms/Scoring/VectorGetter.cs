using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Scoring;

/// <summary>The getter of a produced vector column.</summary>
static class VectorGetter
{
    /// <summary>Makes a getter that hands out dense vectors in the buffers of its caller.</summary>
    /// <param name="current">Gives the vector of the scored row.</param>
    public static ValueGetter<VBuffer<T>> Of<T>(Func<T[]> current) => (ref VBuffer<T> value) =>
    {
        var items = current();
        var editor = VBufferEditor.Create(ref value, items.Length);
        items.CopyTo(editor.Values);
        value = editor.Commit();
    };
}
