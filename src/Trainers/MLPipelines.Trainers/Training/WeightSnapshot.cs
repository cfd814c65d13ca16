using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>A copy of a module's weights. Later copies reuse its memory.</summary>
sealed class WeightSnapshot : IDisposable
{
    readonly Dictionary<string, Tensor> weights = [];

    public bool IsEmpty => weights.Count == 0;

    public void Capture(nn.Module module)
    {
        using var noGrad = no_grad();
        foreach (var (name, value) in module.state_dict())
        {
            if (weights.TryGetValue(name, out var copy)) copy.copy_(value);
            else weights.Add(name, value.clone().DetachFromDisposeScope());
        }
    }

    public void Restore(nn.Module module)
    {
        using var noGrad = no_grad();
        foreach (var (name, value) in module.state_dict()) value.copy_(weights[name]);
    }

    public void Save(TrainingState state)
    {
        foreach (var (name, value) in weights) state.Put(name, value);
    }

    /// <param name="state">The weights of <see cref="Save"/>; without any, the snapshot stays empty.</param>
    /// <param name="module">The module that they are weights of.</param>
    public void Load(TrainingState state, nn.Module module)
    {
        if (!state.Names.Any()) return;
        Capture(module);
        foreach (var (name, value) in weights) state.CopyTo(name, value);
    }

    public void Dispose()
    {
        foreach (var weight in weights.Values) weight.Dispose();
        weights.Clear();
    }
}
