using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Scores a whole sequence: its token vectors are pooled, dropped out and mapped linearly, s = W·pool(x) + b.</summary>
/// <remarks>
/// The scores are raw. Padding takes no part. Parameters: <c>dense.weight</c> [L, P], <c>dense.bias</c> [L], with P = H, or 2H for mean and maximum together.
/// </remarks>
public sealed class SequenceHead : nn.Module<Tensor, Tensor, Tensor>
{
    // Finite and below anything that an encoder puts out, also in half precision.
    const double Hidden = -1e4;

    readonly int outputs;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    [ComponentName(Name = "dense")]
    readonly Dense dense;

    /// <summary>Creates the head.</summary>
    /// <param name="hidden">The width H of the token vectors.</param>
    /// <param name="outputs">The number of scores L.</param>
    /// <param name="options">Further settings.</param>
    /// <param name="generator">For first values and dropout; not owned.</param>
    public SequenceHead(int hidden, int outputs, Options options, Generator? generator = null) : base(nameof(SequenceHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Settings = OptionsValidator.Validate(options, nameof(SequenceHead));
        this.outputs = outputs;
        dropout = new(options.Dropout, generator);
        dense = new(options.Inputs(hidden), outputs, generator);
        RegisterComponents();
    }

    /// <summary>The number of scores L.</summary>
    public int Outputs => outputs;

    /// <summary>The settings this head was created with.</summary>
    public Options Settings { get; }

    /// <summary>The device of the parameters.</summary>
    public Device Device => dense.Weight.device;

    /// <summary>Scores sequences.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">Bool [B, T], true = a real token.</param>
    /// <returns>Raw scores [B, L], fresh.</returns>
    public override Tensor forward(Tensor hidden, Tensor mask)
    {
        using var pooled = Pool(hidden, mask);
        return Score(pooled);
    }

    /// <summary>The first half of the head.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">Bool [B, T], true = a real token.</param>
    /// <returns>One vector for each sequence, [B, P], fresh.</returns>
    public Tensor Pool(Tensor hidden, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var pooled = Settings.Pooling switch
        {
            TextPooling.First => hidden.select(1, 0),
            TextPooling.Mean => Mean(hidden, mask),
            TextPooling.Max => Maximum(hidden, mask),
            _ => cat([Mean(hidden, mask), Maximum(hidden, mask)], -1), // [B, 2H]
        };
        return pooled.MoveToOuterDisposeScope();
    }

    /// <summary>The second half of the head.</summary>
    /// <param name="pooled">[B, P].</param>
    /// <returns>Raw scores [B, L], fresh.</returns>
    public Tensor Score(Tensor pooled)
    {
        using var dropped = dropout.call(pooled);
        return dense.call(dropped);
    }

    static Tensor Mean(Tensor hidden, Tensor mask)
    {
        var weights = mask.to(hidden.dtype).unsqueeze(-1); // [B, T, 1]
        return hidden.mul(weights).sum(1).div(weights.sum(1)); // [B, H]
    }

    static Tensor Maximum(Tensor hidden, Tensor mask) => hidden.masked_fill(mask.logical_not().unsqueeze(-1), Hidden).amax([1]); // [B, H]

    /// <summary>Settings of the head.</summary>
    public sealed record Options
    {
        /// <summary>How token vectors become one.</summary>
        /// <value>The default is the mean and the maximum side by side.</value>
        [EnumDataType(typeof(TextPooling))] public TextPooling Pooling { get; init; } = TextPooling.MeanMax;

        /// <summary>Probability of dropping an element of the pooled vector, in training.</summary>
        /// <value>The default is 0.1.</value>
        [Range(0, 0.999)] public double Dropout { get; init; } = 0.1;

        /// <summary>The number of parameters of a head.</summary>
        /// <param name="hidden">The width H of the token vectors.</param>
        /// <param name="outputs">The number of scores L.</param>
        public decimal CountParameters(int hidden, int outputs) => outputs * (Inputs(hidden) + 1m);

        /// <summary>The width P of a pooled vector.</summary>
        internal long Inputs(int hidden) => Pooling == TextPooling.MeanMax ? 2L * hidden : hidden;
    }
}
