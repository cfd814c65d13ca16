using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>A bias and a vector of weights for each class.</summary>
internal sealed class LinearWeights
{
    private readonly Lazy<float[]> _weights;

    public LinearWeights(ReadOnlySpan<float> biases, float[] weights, int featureCount)
        : this(biases, () => weights, featureCount)
    {
    }

    private LinearWeights(ReadOnlySpan<float> biases, Func<float[]> weights, int featureCount)
    {
        Biases = biases.ToArray();
        FeatureCount = featureCount;
        _weights = new Lazy<float[]>(weights);
    }

    public float[] Biases { get; }

    public int ClassCount => Biases.Length;

    public int FeatureCount { get; }

    public ReadOnlySpan<float> Of(int c) => _weights.Value.AsSpan(c * FeatureCount, FeatureCount);

    // Format: int32 features, int32 classes, biases, counted starts, counted columns, counted weights. Where there are no starts the weights are all of them,
    // class after class; else the weights of class c are those from starts[c] to starts[c + 1], each with its column.
    public static LinearWeights Load(IHost host, BinaryReader reader)
    {
        int features = reader.ReadInt32();
        int classes = reader.ReadInt32();
        host.CheckDecode(features >= 1 && classes >= 1 && (long)features * classes <= Array.MaxLength, "Corrupt model file: it has no features or no classes");
        var biases = reader.ReadArray<float>(classes);
        int[] starts = reader.ReadCountedArray<int>();
        int[] columns = reader.ReadCountedArray<int>();
        var stored = reader.ReadCountedArray<float>();
        if (starts.Length == 0)
        {
            host.CheckDecode(columns.Length == 0 && stored.Length == features * classes, "Corrupt model file: it has another number of weights than classes times features");
            return new LinearWeights(biases, stored, features);
        }

        host.CheckDecode(starts.Length == classes + 1 && starts[0] == 0 && starts[classes] == columns.Length && stored.Length == columns.Length,
            "Corrupt model file: the rows of its weights do not cover them");
        for (int c = 0; c < classes; c++)
        {
            host.CheckDecode(starts[c] <= starts[c + 1] && starts[c + 1] <= columns.Length, "Corrupt model file: the rows of its weights are not in order");
            for (int i = starts[c]; i < starts[c + 1]; i++)
                host.CheckDecode(columns[i] < features && columns[i] > (i == starts[c] ? -1 : columns[i - 1]), "Corrupt model file: the columns of its weights are not in order");
        }

        // All weights are made when they are first needed: their number is only what the file says.
        return new LinearWeights(biases, Spread, features);

        float[] Spread()
        {
            var weights = new float[features * classes];
            for (int c = 0; c < classes; c++)
            {
                for (int i = starts[c]; i < starts[c + 1]; i++)
                    weights[(c * features) + columns[i]] = stored[i];
            }
            return weights;
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(FeatureCount);
        writer.Write(ClassCount);
        writer.WriteArray<float>(Biases);
        writer.WriteCountedArray<int>([]);
        writer.WriteCountedArray<int>([]);
        writer.WriteCountedArray<float>(_weights.Value);
    }
}
