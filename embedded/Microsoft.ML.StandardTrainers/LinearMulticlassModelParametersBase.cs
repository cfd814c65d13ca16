using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>A linear score for each class.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>, IVectorModel
{
    /// <summary>How well the model fits; null unless that was asked for.</summary>
    public readonly ModelStatisticsBase Statistics;

    private const string StatisticsFolder = "ModelStats";
    private const string LabelNamesStream = "LabelNames";

    private readonly LinearWeights _weights;
    private readonly string[] _labelNames;

    private protected LinearMulticlassModelParametersBase(IHostEnvironment env, string name, LinearWeights weights, string[] labelNames, ModelStatisticsBase statistics)
        : base(env, name) => (_weights, _labelNames, Statistics) = (weights, labelNames, statistics);

    // Format: biases and weights; the label names, as numbers of strings, and the statistics are parts of their own, where there are any.
    private protected LinearMulticlassModelParametersBase(IHostEnvironment env, string name, ModelLoadContext ctx)
        : base(env, name, ctx)
    {
        _weights = LinearWeights.Load(Host, ctx.Reader);
        string[] labelNames = null;
        ctx.TryLoadBinaryStream(LabelNamesStream, reader => labelNames = LoadLabelNames(ctx, reader));
        _labelNames = labelNames;
        ctx.LoadModelOrNull<ModelStatisticsBase, SignatureLoadModel>(Host, out Statistics, StatisticsFolder);
    }

    int IVectorModel.InputSize => _weights.FeatureCount;

    int IVectorModel.OutputSize => _weights.ClassCount;

    /// <summary>Copies the weights, a vector for each class.</summary>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = _weights.ClassCount;
        if (weights is null || weights.Length < numClasses)
            Array.Resize(ref weights, numClasses);
        for (int c = 0; c < numClasses; c++)
            new VBuffer<float>(_weights.FeatureCount, _weights.Of(c).ToArray()).CopyTo(ref weights[c]);
    }

    public IEnumerable<float> GetBiases() => _weights.Biases;

    void IVectorModel.Map(in VBuffer<float> features, Span<float> scores)
    {
        Host.Check(features.Length == _weights.FeatureCount, "src length should equal the number of features");
        for (int c = 0; c < scores.Length; c++)
            scores[c] = _weights.Biases[c] + SparseVectors.Dot(_weights.Of(c), features);
        Calibrate(scores);
    }

    /// <summary>Writes biases and weights as a trainer's first values.</summary>
    internal void CopyTo(IHost host, Span<float> values, int classes, int features)
    {
        host.Check(features == _weights.FeatureCount, "The input training data must have the same features used to train the input predictor.");
        host.Check(classes == _weights.ClassCount, "The initialization predictor has different number of classes than the training data.");
        _weights.Biases.CopyTo(values);
        for (int c = 0; c < classes; c++)
            _weights.Of(c).CopyTo(values[(classes + (c * features))..]);
    }

    /// <summary>Turns scores into what the model promises.</summary>
    private protected abstract void Calibrate(Span<float> scores);

    private protected abstract VersionInfo GetVersionInfo();

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(GetVersionInfo());
        _weights.Save(ctx.Writer);
        if (_labelNames is not null)
        {
            ctx.SaveBinaryStream(LabelNamesStream, writer =>
            {
                foreach (string name in _labelNames)
                    writer.Write(ctx.Strings.Add(name).Id);
            });
        }
        ctx.SaveModel(Statistics, StatisticsFolder);
    }

    private string[] LoadLabelNames(ModelLoadContext ctx, BinaryReader reader)
    {
        var names = new List<string>();
        for (int c = 0; c < _weights.ClassCount; c++)
        {
            int id = reader.ReadInt32();
            Host.CheckDecode(id >= 0 && id < (ctx.Strings?.Length ?? 0) && ctx.Strings[id].Length > 0, "Corrupt model file: it has no such label name");
            names.Add(ctx.Strings[id]);
        }
        return [.. names];
    }
}
