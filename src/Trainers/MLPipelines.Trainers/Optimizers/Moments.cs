using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>One tensor for each parameter, like it in shape and device, 0 at first, kept between steps.</summary>
sealed class Moments : IDisposable
{
    readonly Dictionary<string, Tensor> tensors = [];

    public bool Has(string name) => tensors.ContainsKey(name);

    public Tensor Of(string name, Tensor parameter)
    {
        if (tensors.TryGetValue(name, out var tensor)) return tensor;
        // Moments outlive every scope of the step that happens to need them first.
        tensor = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
        tensors.Add(name, tensor);
        return tensor;
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
    }
}
