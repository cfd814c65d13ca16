using MLPipelines.Trainers.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>The token table of a module, some of whose rows are moved for the time of a forward pass.</summary>
sealed class EmbeddingTable(Parameter weight)
{
    /// <param name="module">The module.</param>
    /// <param name="name">The parameter's name; null takes the weight of the embedding module with the most rows.</param>
    /// <exception cref="InvalidOperationException">There is no such table.</exception>
    public static EmbeddingTable Find(nn.Module module, string? name)
    {
        var tables = module.named_modules().Where(m => m.module is Embedding).Select(m => m.name + ".weight").ToHashSet(StringComparer.Ordinal);
        if (module is Embedding) tables.Add("weight");
        var candidates = module.named_parameters().Where(p => name is null ? tables.Contains(p.name) : p.name == name && p.parameter.Dimensions == 2).ToList();
        return candidates.Count > 0 ? new(candidates.MaxBy(p => p.parameter.shape[0]).parameter) : throw TrainerErrors.NoTable(name, [.. tables.Order(StringComparer.Ordinal)]);
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
        return randn([rows.shape[0], weight.shape[1]], ScalarType.Float32, generator: generator).to(weight.dtype).to(weight.device).div(Math.Sqrt(weight.NumberOfElements)).MoveToOuterDisposeScope();
    }

    /// <summary>A direction of length 1; 0 stays 0.</summary>
    public static Tensor Unit(Tensor direction)
    {
        using var scope = NewDisposeScope();
        return direction.div(direction.norm().clamp_min_(1e-30)).MoveToOuterDisposeScope();
    }

    /// <summary>Runs something while rows are moved, and puts them back bit by bit whatever happens.</summary>
    /// <param name="rows">int64 [R].</param>
    /// <param name="move">[R, H].</param>
    /// <param name="run">What to run.</param>
    public Tensor Moved(Tensor rows, Tensor move, Func<Tensor> run)
    {
        using var saved = Rows(rows);
        try
        {
            Write(rows, saved, move);
            return run();
        }
        finally
        {
            Write(rows, saved, null);
        }
    }

    /// <summary>The gradient of a scalar with respect to some rows, [R, H], cut off from the graph.</summary>
    public Tensor Gradient(Tensor scalar, Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var gradient = Optimizers.Gradient.From(autograd.grad([scalar], [weight])[0], weight);
        return gradient.Dense(weight).index_select(0, rows).MoveToOuterDisposeScope();
    }

    Tensor Rows(Tensor rows)
    {
        using var noGrad = no_grad();
        return weight.index_select(0, rows);
    }

    void Write(Tensor rows, Tensor values, Tensor? move)
    {
        using var noGrad = no_grad();
        using var moved = move is null ? values.alias() : values.add(move);
        weight.index_copy_(0, rows, moved);
    }
}
