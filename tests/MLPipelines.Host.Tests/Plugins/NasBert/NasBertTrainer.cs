namespace Microsoft.ML.TorchSharp.NasBert;

#pragma warning disable CA1051 // ML.NET's options are fields.

public abstract class TorchSharpBaseTrainer : IEstimator<ITransformer>
{
    public abstract ITransformer Fit(IDataView input);

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);

    public abstract class Options
    {
        public string LabelColumnName = "Label";
        public string ScoreColumnName = "Score";
        public string PredictionColumnName = "PredictedLabel";
        public int BatchSize = 32;
        public int MaxEpoch = 100;
    }
}

public class NasBertTrainer
{
    public class NasBertOptions : TorchSharpBaseTrainer.Options
    {
        public string Sentence1ColumnName = "Sentence";
        public string? Sentence2ColumnName;
        public List<double> LearningRate = [1e-4];
    }
}

public class TextClassificationTrainer : TorchSharpBaseTrainer
{
    internal TextClassificationTrainer(TextClassificationOptions options) => Given = options;

    internal TextClassificationOptions Given { get; }

    public override ITransformer Fit(IDataView input) => throw new NotSupportedException();

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public class TextClassificationOptions : NasBertTrainer.NasBertOptions;
}
