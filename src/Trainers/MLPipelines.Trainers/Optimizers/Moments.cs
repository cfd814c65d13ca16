using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>One tensor for each parameter, like it in shape and device, 0 at first, kept between steps.</summary>
sealed class Moments : IDisposable
{
    readonly Dictionary<string, Tensor> tensors = [];
    readonly List<(List<string> Names, Tensor Values)> joined = [];

    public bool Has(string name) => tensors.ContainsKey(name);

    public Tensor Of(string name, Tensor parameter)
    {
        if (tensors.TryGetValue(name, out var tensor)) return tensor;
        // Moments outlive every scope of the step that happens to need them first.
        tensor = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
        tensors.Add(name, tensor);
        return tensor;
    }

    /// <summary>The tensors of a block's parameters side by side, [N]: what changes there changes the tensor of each.</summary>
    public Tensor Of(GradientBlock block)
    {
        var names = block.Parameters.Select(p => p.Name).ToList();
        if (joined.FirstOrDefault(entry => entry.Names.SequenceEqual(names)).Values is { } known) return known;
        using var scope = NewDisposeScope();
        var values = cat([.. block.Parameters.Select(p => Of(p.Name, p.Parameter).flatten())]).DetachFromDisposeScope();
        foreach (var (name, part) in names.Zip(block.Split(values)))
        {
            tensors[name].Dispose();
            tensors[name] = part.DetachFromDisposeScope();
        }

        // Other blocks with one of these parameters no longer hold its tensor.
        foreach (var entry in joined.Where(IsOutdated)) entry.Values.Dispose();
        joined.RemoveAll(IsOutdated);
        joined.Add((names, values));
        return values;

        bool IsOutdated((List<string> Names, Tensor Values) entry) => entry.Names.Intersect(names).Any();
    }

    public void Save(TrainingState state)
    {
        foreach (var (name, tensor) in tensors) state.Put(name, tensor);
    }

    public void Load(TrainingState state, IReadOnlyList<ParameterGroup> groups)
    {
        Dispose();
        foreach (var (name, parameter) in groups.SelectMany(group => group.Parameters).Where(p => state.Has(p.Name))) state.CopyTo(name, Of(name, parameter));
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
        tensors.Clear();
        foreach (var (_, values) in joined) values.Dispose();
        joined.Clear();
    }
}
