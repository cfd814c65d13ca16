using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>The token table of a module, whose rows seem to be moved for the time of a forward pass.</summary>
/// <remarks>
/// The weights are not written to: autograd would refuse to go back through a table that was changed after it was used. Instead the moves of the rows are added to what the table gives,
/// which is the same, f(x; E + M) for every use of the table as a table.
/// </remarks>
sealed class EmbeddingTable(Embedding module)
{
    /// <param name="module">The module.</param>
    /// <param name="name">The name of the table's weight among the parameters; null takes the embedding module with the most rows.</param>
    /// <exception cref="InvalidOperationException">There is no such table.</exception>
    public static EmbeddingTable Find(nn.Module module, string? name)
    {
        var tables = module.named_modules().Select(m => (Name: m.name + ".weight", Table: m.module as Embedding)).Append((Name: "weight", Table: module as Embedding)).Where(m => m.Table is not null).ToList();
        var table = tables.Where(t => name is null || t.Name == name).Select(t => t.Table).MaxBy(t => Shape(t!)[0]);
        return table is null ? throw TrainerErrors.NoTable(name, [.. tables.Select(t => t.Name).Order(StringComparer.Ordinal)]) : new(table);
    }

    /// <summary>The rows that a batch uses, each once, ascending, int64 [R] on the device of the ids.</summary>
    public static Tensor RowsOf(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return tensor(ids.cpu().contiguous().data<long>().ToArray().Distinct().Order().ToArray(), device: ids.device).MoveToOuterDisposeScope();
    }

    /// <summary>Normal noise for some rows, [R, H], as long as these rows are on average in noise of length 1 for the whole table.</summary>
    public Tensor RandomDirection(Tensor rows, Generator generator)
    {
        using var scope = NewDisposeScope();
        var shape = Shape(module);
        return randn([rows.shape[0], shape[1]], ScalarType.Float32, generator: generator).to(rows.device).div(Math.Sqrt(shape[0] * shape[1])).MoveToOuterDisposeScope();
    }

    /// <summary>A direction of length 1; 0 stays 0.</summary>
    public static Tensor Unit(Tensor direction)
    {
        using var scope = NewDisposeScope();
        return direction.div(direction.norm().clamp_min_(1e-30)).MoveToOuterDisposeScope();
    }

    /// <summary>Runs something while rows are moved; whatever happens, they are back afterwards.</summary>
    /// <param name="rows">All rows that are used meanwhile, int64 [R].</param>
    /// <param name="move">Of each row, [R, H]; gradients flow back to it.</param>
    /// <param name="run">What to run.</param>
    public Tensor Moved(Tensor rows, Tensor move, Func<Tensor> run)
    {
        using var places = zeros([Shape(module)[0]], ScalarType.Int64, rows.device).index_copy_(0, rows, arange(rows.shape[0], device: rows.device)); // row → its place in rows
        var remover = module.register_forward_hook((_, ids, vectors) => Add(vectors, ids, places, move));
        try
        {
            return run();
        }
        finally
        {
            remover.remove();
        }
    }

    static Tensor Add(Tensor vectors, Tensor ids, Tensor places, Tensor move)
    {
        using var scope = NewDisposeScope();
        var moves = move.index_select(0, places.index_select(0, ids.flatten())).reshape(vectors.shape); // [B, T, H]
        return vectors.add(moves.to(vectors.dtype)).MoveToOuterDisposeScope();
    }

    static long[] Shape(Embedding table)
    {
        using var weight = table.weight!;
        return weight.shape;
    }
}
