using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NormFunction = Microsoft.ML.Transforms.LpNormNormalizingEstimatorBase.NormFunction;

namespace Microsoft.ML.Transforms;

/// <summary>How one column is scaled: x ↦ scale·(x − mean)/norm, with or without the mean, the norm of what is left.</summary>
internal sealed class LpNormColumn
{
    // A factor below is taken for 0 and not applied, as in ML.NET.
    private const float LeastFactor = 1e-8f;

    private readonly NormFunction _norm;
    private readonly bool _subtractMean;
    private readonly float _scale;

    public LpNormColumn(string name, string inputColumnName, NormFunction norm, bool subtractMean, float scale)
    {
        Contracts.CheckNonWhiteSpace(null, name, nameof(name));
        Contracts.CheckNonWhiteSpace(null, inputColumnName, nameof(inputColumnName));
        Contracts.CheckUserArg(null, scale > 0 && float.IsFinite(scale), nameof(scale), "scale must be a positive finite value");
        (Name, InputColumnName, _norm, _subtractMean, _scale) = (name, inputColumnName, norm, subtractMean, scale);
    }

    public string Name { get; }

    public string InputColumnName { get; }

    // Format: byte subtract mean, byte norm, single scale.
    public static LpNormColumn Load(ModelLoadContext ctx, string name, string inputColumnName, bool anyNorm)
    {
        byte subtractMean = ctx.Reader.ReadByte();
        var norm = (NormFunction)ctx.Reader.ReadByte();
        float scale = ctx.Reader.ReadSingle();
        Contracts.CheckDecode(subtractMean <= 1 && Enum.IsDefined(norm) && (anyNorm || norm is NormFunction.L2 or NormFunction.StandardDeviation),
            "Corrupt model file: there is no such norm");
        Contracts.CheckDecode(scale > 0 && float.IsFinite(scale), "Corrupt model file: a scale is not positive and finite");
        return new LpNormColumn(name, inputColumnName, norm, subtractMean == 1, scale);
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write((byte)(_subtractMean ? 1 : 0));
        ctx.Writer.Write((byte)_norm);
        ctx.Writer.Write(_scale);
    }

    public void Apply(in VBuffer<float> source, ref VBuffer<float> result)
    {
        var values = source.GetValues();
        float mean = values.Length == 0 ? 0 : TensorPrimitives.Sum(values) / source.Length;
        float divisor = values.Length == 0 ? 0 : Norm(values, source.Length, mean);
        float factor = divisor > 0 ? _scale / divisor : _scale;
        if (factor < LeastFactor)
            factor = 1;

        if (!_subtractMean || mean == 0)
        {
            source.CopyTo(ref result);
            var scaled = VBufferEditor.CreateFromBuffer(ref result).Values;
            TensorPrimitives.Multiply(scaled, factor, scaled);
            return;
        }
        source.CopyToDense(ref result);
        var moved = VBufferEditor.CreateFromBuffer(ref result).Values;
        TensorPrimitives.Add(moved, -mean, moved);
        TensorPrimitives.Multiply(moved, factor, moved);
    }

    /// <summary>Of the stored values, as in ML.NET; only the standard deviation takes those that are not stored for 0.</summary>
    private float Norm(ReadOnlySpan<float> values, int length, float mean)
    {
        float center = _subtractMean || _norm == NormFunction.StandardDeviation ? mean : 0;
        float[] centered = [.. values];
        TensorPrimitives.Subtract(centered, center, centered);
        return _norm switch
        {
            NormFunction.L1 => TensorPrimitives.SumOfMagnitudes<float>(centered),
            NormFunction.Infinity => Math.Abs(TensorPrimitives.MaxMagnitude<float>(centered)),
            NormFunction.StandardDeviation => MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(centered) + ((length - values.Length) * mean * mean)) / length),
            _ => MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(centered)),
        };
    }
}
