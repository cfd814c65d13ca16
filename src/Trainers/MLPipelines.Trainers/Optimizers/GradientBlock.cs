using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The small parameters of a group, and their gradients side by side in one tensor, for element-wise work with operators: on a GPU each costs a launch, however few its elements are.</summary>
/// <param name="Parameters">The parameters, in the order of the group.</param>
/// <param name="Values">Their gradients, [N].</param>
sealed record GradientBlock(IReadOnlyList<(string Name, Parameter Parameter)> Parameters, Tensor Values) : IDisposable
{
    /// <summary>From here on the work itself takes longer than a launch, and a copy is not worth its memory.</summary>
    const long LargeParameter = 1 << 20;

    /// <summary>Joins the gradients of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="gradients">The gradients of the step.</param>
    /// <returns>The block, or null where fewer than two parameters are fit for one. Rows of embedding tables are told apart and have none.</returns>
    public static GradientBlock? Of(ParameterGroup group, IReadOnlyDictionary<string, Gradient> gradients)
    {
        if (group.Role == ParameterRole.Embedding) return null;
        var fit = group.Parameters.Where(p => gradients.TryGetValue(p.Name, out var gradient) && IsFit(p.Parameter, gradient)).ToList();
        fit = [.. fit.Where(p => p.Parameter.dtype == fit[0].Parameter.dtype && p.Parameter.device.ToString() == fit[0].Parameter.device.ToString())];
        if (fit.Count < 2) return null;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return new(fit, cat([.. fit.Select(p => gradients[p.Name].Values.flatten())]).DetachFromDisposeScope());
    }

    static bool IsFit(Parameter parameter, Gradient gradient) =>
        gradient.Rows is null && parameter.NumberOfElements < LargeParameter && !PlainMemory.IsPlain(parameter) && gradient.Values.dtype == parameter.dtype;

    /// <summary>The names of the parameters.</summary>
    public IReadOnlySet<string> Names { get; } = Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Changes the parameters as if they were one.</summary>
    /// <param name="update">Changes their values, side by side in a tensor [N], in place.</param>
    public void Update(Action<Tensor> update)
    {
        using var scope = NewDisposeScope();
        var values = cat([.. Parameters.Select(p => p.Parameter.flatten())]);
        update(values);
        foreach (var ((_, parameter), value) in Parameters.Zip(Split(values))) parameter.copy_(value);
    }

    /// <summary>The parts of a tensor [N] that belong to each parameter, in its shape; views.</summary>
    public IReadOnlyList<Tensor> Split(Tensor values) =>
        [.. values.split([.. Parameters.Select(p => p.Parameter.NumberOfElements)]).Zip(Parameters, (part, p) => part.view(p.Parameter.shape))];

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
