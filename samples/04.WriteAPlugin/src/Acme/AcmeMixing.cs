using MLPipelines.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Acme;

/// <summary>A layer of an encoder that mixes tokens without attention: each one sees its two neighbours and the mean of the text.</summary>
/// <remarks>
/// a = norm(x + W[left, right, mean]), y = norm(a + feed-forward(a)). Padding counts as nothing, so it never changes real tokens.
/// Parameters: <c>mixing.*</c>, <c>intermediate.*</c>, <c>output.*</c>.
/// </remarks>
public sealed class AcmeMixing : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "mixing")]
    readonly ResidualNorm mixing;

    [ComponentName(Name = "intermediate")]
    readonly ActivatedDense intermediate;

    [ComponentName(Name = "output")]
    readonly ResidualNorm output;

    /// <summary>Creates the layer.</summary>
    /// <param name="hidden">The width H.</param>
    /// <param name="dropout">The probability of dropping an element, in training.</param>
    /// <param name="parameters">Makes the weights.</param>
    public AcmeMixing(int hidden, double dropout, ParameterFactory parameters) : base(nameof(AcmeMixing))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        mixing = End(3 * hidden);
        intermediate = new(new(hidden, 2 * hidden, parameters), "gelu");
        output = End(2 * hidden);
        RegisterComponents();

        ResidualNorm End(int inputs) => new(new(inputs, hidden, parameters), parameters.Norm(hidden, 1e-5), new(dropout, parameters.Generator));
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">[B, T, 1], 1 for a real token and 0 for padding.</param>
    /// <returns>[B, T, H], fresh.</returns>
    public override Tensor forward(Tensor hidden, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var (real, length) = (hidden.mul(mask), hidden.shape[1]);
        var nothing = zeros_like(real.narrow(1, 0, 1)); // [B, 1, H]
        var left = cat([nothing, real.narrow(1, 0, length - 1)], 1); // [B, T, H]
        var right = cat([real.narrow(1, 1, length - 1), nothing], 1); // [B, T, H]
        var mean = real.sum(1, keepdim: true).div(mask.sum(1, keepdim: true)).expand(real.shape); // [B, T, H]
        var mixed = mixing.call(cat([left, right, mean], 2), hidden);
        return output.call(intermediate.call(mixed), mixed).MoveToOuterDisposeScope();
    }
}
