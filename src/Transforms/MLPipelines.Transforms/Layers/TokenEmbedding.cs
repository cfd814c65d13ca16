using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Makes tables of token vectors whose first values come from a given factory.</summary>
static class TokenEmbedding
{
    static readonly Lock s_sharedGenerator = new();

    /// <summary>A table [rows, width].</summary>
    /// <param name="rows">The number of ids.</param>
    /// <param name="width">The width of a vector.</param>
    /// <param name="sparse">Whether the gradient holds the rows of the batch only.</param>
    /// <param name="parameters">Makes the first values.</param>
    public static Embedding Create(long rows, long width, bool sparse, ParameterFactory parameters)
    {
        using var noGrad = no_grad();
        var values = parameters.Table(rows, width);
        var table = Uninitialized(values.is_meta ? 1 : rows, width, sparse);
        foreach (var parameter in table.parameters()) parameter.DetachFromDisposeScope();
        if (values.is_meta)
        {
            var replaced = table.parameters().ToList();
            table.weight = Initialization.Parameter(values);
            foreach (var parameter in replaced) parameter.Dispose();
            return table;
        }
        using (values)
        {
            using var weight = table.weight!;
            weight.copy_(values);
            return values.device_type == DeviceType.CPU ? table : table.to(values.device);
        }
    }

    // The constructor draws from the generator that all threads share, whose state is nobody's business but its users'.
    static Embedding Uninitialized(long rows, long width, bool sparse)
    {
        lock (s_sharedGenerator)
        {
            using var shared = Generator.Default;
            using var state = shared.get_state();
            var table = nn.Embedding(rows, width, sparse: sparse);
            shared.set_state(state);
            return table;
        }
    }
}
