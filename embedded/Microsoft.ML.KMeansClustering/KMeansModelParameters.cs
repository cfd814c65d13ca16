using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(KMeansModelParameters), null, typeof(SignatureLoadModel), "KMeans predictor", KMeansModelParameters.LoaderSignature)]

namespace Microsoft.ML.Trainers;

/// <summary>The centroids.</summary>
public sealed class KMeansModelParameters : ModelParametersBase<VBuffer<float>>, IVectorModel
{
    internal const string LoaderSignature = "KMeansPredictor";
    private const uint SparseSince = 0x00010002;

    private readonly VBuffer<float>[] _centroids;

    // Made when they are first needed: the number of features is only what a model file says.
    private readonly Lazy<(float[] Values, float SquaredNorm)[]> _dense;

    internal KMeansModelParameters(IHostEnvironment env, float[][] centroids)
        : base(env, LoaderSignature)
    {
        _centroids = Array.ConvertAll(centroids, centroid => new VBuffer<float>(centroid.Length, [.. centroid]));
        _dense = new(MakeDense);
    }

    // Format: int32 clusters, int32 features; per cluster int32 count, as many int32 slots if not all, as many single values.
    private KMeansModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature, ctx)
    {
        int clusters = ctx.Reader.ReadInt32();
        int size = ctx.Reader.ReadInt32();
        Host.CheckDecode(clusters > 0 && size > 0, "Corrupt model file: it has no centroids");
        var centroids = new List<VBuffer<float>>();
        for (int i = 0; i < clusters; i++)
            centroids.Add(ReadCentroid(ctx, size));
        _centroids = [.. centroids];
        _dense = new(MakeDense);
    }

    int IVectorModel.InputSize => _centroids[0].Length;

    int IVectorModel.OutputSize => _centroids.Length;

    /// <summary>Copies the centroids.</summary>
    public void GetClusterCentroids(ref VBuffer<float>[] centroids, out int k)
    {
        k = _centroids.Length;
        if (centroids is null || centroids.Length < k)
            Array.Resize(ref centroids, k);
        for (int i = 0; i < k; i++)
            _centroids[i].CopyTo(ref centroids[i]);
    }

    void IVectorModel.Map(in VBuffer<float> features, Span<float> scores)
    {
        int size = _centroids[0].Length;
        if (features.Length != size)
            throw Host.Except($"Incorrect number of features: expected {size}, got {features.Length}");
        var values = features.IsDense ? features.GetValues() : features.DenseValues().ToArray();
        float own = Distances.SquaredNorm(values);
        var dense = _dense.Value;
        for (int i = 0; i < dense.Length; i++)
            scores[i] = Math.Max(0, Distances.ToCentroid(values, dense[i].Values, dense[i].SquaredNorm) + own);
    }

    private (float[] Values, float SquaredNorm)[] MakeDense() => Array.ConvertAll(_centroids, centroid =>
    {
        var values = centroid.DenseValues().ToArray();
        return (values, Distances.SquaredNorm(values));
    });

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(_centroids.Length);
        ctx.Writer.Write(_centroids[0].Length);
        foreach (var centroid in _centroids)
        {
            ctx.Writer.Write(centroid.GetValues().Length);
            if (!centroid.IsDense)
                ctx.Writer.WriteArray(centroid.GetIndices());
            ctx.Writer.WriteArray(centroid.GetValues());
        }
    }

    internal static KMeansModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new KMeansModelParameters(env, ctx);
    }

    private VBuffer<float> ReadCentroid(ModelLoadContext ctx, int size)
    {
        int count = ctx.Header.ModelVerWritten >= SparseSince ? ctx.Reader.ReadInt32() : size;
        Host.CheckDecode(count >= 0 && count <= size, "Corrupt model file: a centroid has too many values");
        int[] slots = count < size ? ctx.Reader.ReadArray<int>(count) : [];
        for (int i = 0; i < slots.Length; i++)
            Host.CheckDecode(slots[i] < size && slots[i] > (i == 0 ? -1 : slots[i - 1]), "Corrupt model file: the slots of a centroid are not in order");
        var values = ctx.Reader.ReadArray<float>(count);
        Host.CheckDecode(Array.TrueForAll(values, float.IsFinite), "Corrupt model file: a centroid is not finite");
        return count == size ? new VBuffer<float>(size, values) : new VBuffer<float>(size, count, values, slots);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "KMEANS  ",
        verWrittenCur: SparseSince,
        verReadableCur: SparseSince,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KMeansModelParameters).Assembly.FullName);
}
