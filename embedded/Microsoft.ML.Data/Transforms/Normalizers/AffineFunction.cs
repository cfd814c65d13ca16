using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnFunction), typeof(AffineFunction), null, typeof(SignatureLoadColumnFunction), "Affine Normalizer", AffineFunction.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>v ↦ (v − offset)·scale, slot by slot; no offsets stand for offsets of 0.</summary>
internal sealed class AffineFunction<T>(IHost host, bool isVector, T[] scales, T[] offsets) : ColumnFunction<T>(host, isVector, scales.Length)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => IsVector
        ? new NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<T>>([.. scales], [.. offsets ?? []])
        : new NormalizingTransformer.AffineNormalizerModelParameters<T>(scales[0], offsets[0]);

    protected override bool KeepsMissing => offsets is null;

    protected override T Apply(int slot, T value) => (offsets is null ? value : value - offsets[slot]) * scales[slot];

    // Format: int32 bytes of a number, int32 slots, int32 −1 (all slots have a scale), counted scales, counted offsets (none where all are 0).
    public override void Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(AffineFunction.GetVersionInfo());
        ctx.Writer.Write(Unsafe.SizeOf<T>());
        ctx.Writer.Write(scales.Length);
        ctx.Writer.Write(-1);
        ctx.Writer.WriteCountedArray<T>(scales);
        ctx.Writer.WriteCountedArray<T>(offsets);
        ctx.SaveTextStream("AffineNormalizer.txt", writer =>
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"NumNormalizationFeatures={scales.Length}"));
            for (int slot = 0; slot < scales.Length; slot++)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{slot}\t{(offsets is null ? T.Zero : offsets[slot])}\t{scales[slot]}"));
            writer.WriteLine();
        });
    }
}

/// <summary>Reads such functions from model files.</summary>
internal static class AffineFunction
{
    public const string LoaderSignature = "AffineNormExec";

    public static ColumnFunction Create(ModelLoadContext ctx, IHost host, DataViewType typeSrc)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return typeSrc.IsOf<double>() ? Read<double>(ctx, host, typeSrc) : Read<float>(ctx, host, typeSrc);
    }

    public static VersionInfo GetVersionInfo() => new(
        modelSignature: "AFF NORM",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(AffineFunction).Assembly.FullName);

    private static AffineFunction<T> Read<T>(ModelLoadContext ctx, IHost host, DataViewType type)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        host.CheckDecode(ctx.Reader.ReadInt32() == Unsafe.SizeOf<T>(), "Corrupt model file: a normalizer was saved for another type of numbers");
        int size = ctx.Reader.ReadInt32();
        host.CheckDecode(size > 0, "Corrupt model file: a normalizer has no slots");
        host.CheckDecode(ctx.Reader.ReadInt32() == -1, "Corrupt model file: a normalizer lists some of its slots, which ML.NET never does");
        var scales = ctx.Reader.ReadCountedArray<T>();
        var offsets = ctx.Reader.ReadCountedArray<T>();
        host.CheckDecode(scales.Length == size && (offsets.Length == 0 || offsets.Length == size), "Corrupt model file: a normalizer has another number of scales or offsets than slots");
        host.CheckDecode(!Array.Exists(scales, T.IsNaN) && !Array.Exists(offsets, T.IsNaN), "Corrupt model file: a scale or an offset is not a number");
        for (int slot = 0; slot < offsets.Length; slot++)
            offsets[slot] = T.IsZero(scales[slot]) ? T.Zero : offsets[slot];
        ColumnFunction.CheckSize(host, size, type);
        bool isVector = type is VectorDataViewType;
        return new AffineFunction<T>(host, isVector, scales, offsets.Length > 0 ? offsets : isVector ? null : new T[size]);
    }
}
