using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Makes tables of token vectors whose first values come from a given factory.</summary>
static class TokenEmbedding
{
    /// <summary>A table [rows, width].</summary>
    /// <param name="rows">The number of ids.</param>
    /// <param name="width">The width of a vector.</param>
    /// <param name="sparse">Whether the gradient holds the rows of the batch only.</param>
    /// <param name="parameters">Makes the first values.</param>
    public static Embedding Create(long rows, long width, bool sparse, ParameterFactory parameters)
    {
        using var noGrad = no_grad();
        // The constructor draws from the generator that all threads share, whose state is nobody's business but its users'. For a table without rows it draws nothing.
        var table = nn.Embedding(0, width, sparse: sparse);
        foreach (var parameter in table.parameters()) parameter.DetachFromDisposeScope();
        var values = parameters.Table(rows, width);
        if (values.is_meta)
        {
            var replaced = table.parameters().ToList();
            table.weight = Initialization.Parameter(values);
            foreach (var parameter in replaced) parameter.Dispose();
            return table;
        }
        using (values)
        using (var onCpu = values.cpu())
        {
            // In place: a module moves the parameter that it was made with, not one that took its place.
            using var weight = table.weight!;
            weight.set_(onCpu);
            return values.device_type == DeviceType.CPU ? table : table.to(values.device);
        }
    }
}
