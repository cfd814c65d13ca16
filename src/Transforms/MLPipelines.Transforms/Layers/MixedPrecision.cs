using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Matrix products in a narrower type than that of their inputs and results.</summary>
/// <remarks>
/// The weights stay what they are, so that small updates are not lost; products are summed in float32 by the hardware. bfloat16 has the range of float32, hence no loss scaling.
/// Source: Micikevicius et al., Mixed Precision Training, https://arxiv.org/abs/1710.03740; bfloat16: Kalamkar et al., https://arxiv.org/abs/1905.12322.
/// </remarks>
public static class MixedPrecision
{
    /// <summary>Sets the type of the products of every layer of a module that can choose it.</summary>
    /// <param name="module">The module.</param>
    /// <param name="type">Usually bfloat16; null is the parameters' own type.</param>
    public static void Set(nn.Module module, ScalarType? type)
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (var layer in module.modules().Append(module).OfType<IMixedPrecision>()) layer.ComputeType = type;
    }

    /// <summary>xWᵀ + b, with the product in a given type.</summary>
    /// <param name="input">[…, inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="type">The type of the product; null is that of the input.</param>
    /// <returns>[…, outputs] of the input's type, fresh.</returns>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias, ScalarType? type)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        if (type is not { } narrow || narrow == input.dtype) return nn.functional.linear(input, weight, bias);
        using var scope = NewDisposeScope();
        return nn.functional.linear(input.to(narrow), weight.to(narrow), bias?.to(narrow)).to(input.dtype).MoveToOuterDisposeScope();
    }
}
