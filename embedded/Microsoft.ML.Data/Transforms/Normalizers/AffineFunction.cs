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
        int changed = ctx.Reader.ReadInt32();
        host.CheckDecode(changed >= -1 && changed < size, "Corrupt model file: a normalizer has more scales than slots");

        // Slots that are not listed keep their values.
        int[] slots = changed < 0 ? [.. Enumerable.Range(0, size)] : ctx.Reader.ReadArray<int>(changed);
        for (int i = 0; i < slots.Length; i++)
            host.CheckDecode(slots[i] < size && slots[i] > (i == 0 ? -1 : slots[i - 1]), "Corrupt model file: the slots of a normalizer are not in order");
        var listedScales = ctx.Reader.ReadCountedArray<T>();
        var listedOffsets = ctx.Reader.ReadCountedArray<T>();
        host.CheckDecode(listedScales.Length == slots.Length && (listedOffsets.Length == 0 || listedOffsets.Length == slots.Length),
            "Corrupt model file: a normalizer has another number of scales or offsets than slots");
        host.CheckDecode(!Array.Exists(listedScales, T.IsNaN), "Corrupt model file: a scale is not a number");

        var scales = new T[size];
        Array.Fill(scales, T.One);
        var offsets = listedOffsets.Length == 0 && type is VectorDataViewType ? null : new T[size];
        for (int i = 0; i < slots.Length; i++)
        {
            scales[slots[i]] = listedScales[i];
            if (listedOffsets.Length == 0 || T.IsZero(listedScales[i]))
                continue;
            host.CheckDecode(!T.IsNaN(listedOffsets[i]), "Corrupt model file: an offset is not a number");
            offsets[slots[i]] = listedOffsets[i];
        }
        ColumnFunction.CheckSize(host, size, type);
        return new AffineFunction<T>(host, type is VectorDataViewType, scales, offsets);
    }
}
