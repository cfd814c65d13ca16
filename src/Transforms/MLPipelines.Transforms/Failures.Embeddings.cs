using Microsoft.ML;
using MLPipelines.Components;

namespace MLPipelines;

// Devices and sentence embeddings, codes MLP130 to MLP139.
static partial class Failures
{
    /// <summary>MLP130: the name of a device is not one.</summary>
    public static ArgumentException BadDevice(string device) => new(Errors.Text("MLP130", $"the device '{device}' is not known", expected: "auto, cpu, cuda or cuda:N"));

    /// <summary>MLP131: a device is not on this machine.</summary>
    public static InvalidOperationException NoSuchDevice(string device, int devices)
        => new(Errors.Text("MLP131", $"the device '{device}' is not available", got: Invariant($"{devices} CUDA devices"), advice: "Use cpu, or auto to take a GPU only where there is one"));

    /// <summary>MLP132: an encoder without a pooler is to be pooled with it.</summary>
    public static ArgumentException PoolerMissing()
        => new(Errors.Text("MLP132", "the encoder has no pooler", advice: "Choose another pooling: first-last-average, last-average, cls or max"));

    /// <summary>MLP133: an encoder does not tell what its layers give.</summary>
    public static ArgumentException HiddenStatesMissing(Type encoder)
        => new(Errors.Text("MLP133", $"'{encoder.Name}' does not give the output of its first layer", expected: "an encoder that implements IHiddenStates", advice: "Choose another pooling, such as last-average"));

    /// <summary>MLP134: longer sequences are asked for than the encoder accepts.</summary>
    public static ArgumentException MaximumLengthTooLong(int asked, int accepted)
        => new(Errors.Text("MLP134", "the maximum length is longer than the encoder accepts", expected: Invariant($"at most {accepted} tokens"), got: Invariant($"{asked}"), advice: "Longer texts are read in windows"));

    /// <summary>MLP135: an embedding of another size is asked for than the model makes.</summary>
    public static ArgumentException OtherDimensions(int size, int asked)
        => new(Errors.Text("MLP135", "the model does not make vectors of the size asked for", expected: Invariant($"{size}, or nothing"), got: Invariant($"{asked}"), advice: "Whitening can cut vectors to fewer dimensions"));

    /// <summary>MLP136: a model filters rows where each text needs its answer.</summary>
    public static InvalidOperationException RowsLost(int expected, int got)
        => new(Errors.Text("MLP136", "the model gave fewer rows than it was given", expected: Invariant($"{expected} rows"), got: Invariant($"{got}"), advice: "Use a model without row filters"));

    /// <summary>MLP137: a model makes no vector.</summary>
    public static ArgumentException NoVector(DataViewSchema schema)
        => new(Errors.Text("MLP137", "the model makes no vector", expected: "a column that is a vector of Single of known size", got: List(schema.Select(column => $"{column.Name}: {column.Type}"))));

    /// <summary>MLP138: a model does not make the vector that was asked for.</summary>
    public static ArgumentException NoVectorNamed(string column, IEnumerable<string> vectors)
        => new(Errors.Text("MLP138", $"the model makes no vector of Single of known size in the column '{column}'", expected: "one of its vectors", got: List(vectors)));

    /// <summary>MLP139: options name no encoder, or two.</summary>
    public static ArgumentException EncoderNotDescribed(bool both)
        => new(Errors.Text("MLP139", both ? "a checkpoint and a vocabulary are given" : "no encoder is given", expected: "a checkpoint directory, or a vocabulary file for random weights"));
}
