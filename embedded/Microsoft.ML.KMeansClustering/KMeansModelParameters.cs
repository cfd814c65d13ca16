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
    private readonly float[][] _dense;

    internal KMeansModelParameters(IHostEnvironment env, float[][] centroids)
        : base(env, LoaderSignature)
    {
        _centroids = Array.ConvertAll(centroids, centroid => new VBuffer<float>(centroid.Length, [.. centroid]));
        _dense = Array.ConvertAll(_centroids, centroid => centroid.DenseValues().ToArray());
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
        _dense = Array.ConvertAll(_centroids, centroid => centroid.DenseValues().ToArray());
    }

    int IVectorModel.InputSize => _dense[0].Length;

    int IVectorModel.OutputSize => _dense.Length;

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
        int size = _dense[0].Length;
        if (features.Length != size)
            throw Host.Except($"Incorrect number of features: expected {size}, got {features.Length}");
        if (features.IsDense)
            Distances.ToAll(features.GetValues(), _dense, scores);
        else
            Distances.ToAll(features.DenseValues().ToArray(), _dense, scores);
    }

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
            {
                foreach (int slot in centroid.GetIndices())
                    ctx.Writer.Write(slot);
            }
            foreach (float value in centroid.GetValues())
                ctx.Writer.Write(value);
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
        var slots = new List<int>();
        for (int i = 0; count < size && i < count; i++)
        {
            slots.Add(ctx.Reader.ReadInt32());
            Host.CheckDecode(slots[i] < size && slots[i] > (i == 0 ? -1 : slots[i - 1]), "Corrupt model file: the slots of a centroid are not in order");
        }
        var values = new List<float>();
        for (int i = 0; i < count; i++)
        {
            values.Add(ctx.Reader.ReadSingle());
            Host.CheckDecode(float.IsFinite(values[i]), "Corrupt model file: a centroid is not finite");
        }
        return count == size ? new VBuffer<float>(size, [.. values]) : new VBuffer<float>(size, count, [.. values], [.. slots]);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "KMEANS  ",
        verWrittenCur: SparseSince,
        verReadableCur: SparseSince,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KMeansModelParameters).Assembly.FullName);
}
