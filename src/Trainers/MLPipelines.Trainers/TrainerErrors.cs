using System.Globalization;
using MLPipelines.Components;

namespace MLPipelines.Trainers;

/// <summary>Every message of this assembly: one method per message. Codes MLP200 to MLP299.</summary>
static partial class TrainerErrors
{
    public static InvalidOperationException Diverged(long step, int epoch, long stepsInARow, double loss, double learningRate) => new(Errors.Text(
        "MLP200", "training diverged", Invariant($"step {step}, epoch {epoch}"), "a finite loss and gradient",
        Invariant($"{stepsInARow} steps in a row without, the last loss is {loss}"),
        Invariant($"Lower the learning rate (now {learningRate:G3}), lengthen the warm-up, clip gradients harder, or train in float32")));

    public static InvalidOperationException GradientsTooEarly() => new(Errors.Text(
        "MLP201", "gradients exist only after the backward pass", advice: "Read them in Update, not in ComputeLoss"));

    public static DataFormatException NoEntities(long rows) => new(
        Invariant($"the training data contain no entity in {rows} rows"), expected: "at least one row with a span and its label", found: "none");

    public static DataFormatException NoLabels(long rows) => new(
        Invariant($"the training data contain no label in {rows} rows"), expected: "at least one row with a label", found: "none");

    public static DataFormatException TooFewClasses(int classes) => new(
        "the label column has too few classes", expected: "at least two key values", found: Invariant($"{classes}"));

    public static DataFormatException UnknownLabel(string label, long row, IReadOnlyList<string> known, string? data = null) => new(
        Invariant($"the label '{label}' is unknown in row {row}{(data is null ? "" : " of the " + data)}"), expected: OneOf(known), found: $"'{label}'");

    public static DataFormatException UnknownLabel(string label, string file, long line, IReadOnlyList<string> known) => new(
        $"the label '{label}' is unknown", file, line, expected: OneOf(known), found: $"'{label}'");

    static string OneOf(IReadOnlyList<string> labels) => $"one of the labels of the training data: {List(labels)}";

    public static ArgumentException SlotNames(string column, string what) => new(Errors.Text(
        "MLP214", $"the slot names of the column '{column}' do not name its labels: {what}", expected: "a name for each slot, each once"));

    public static DataFormatException EqualScores(string what, int rows, float score) => new(
        Invariant($"the scores of all {rows} rows of the {what} data are equal"), expected: "pairs that are more and less similar", found: Invariant($"{score} everywhere"));

    public static DataFormatException ClassTwice(string column, string name) => new(
        $"two key values of the label column '{column}' are called alike", expected: "key values that differ", found: $"'{name}' twice");

    public static ArgumentException UnknownClassWeight(string name, IReadOnlyList<string> known) => new(Errors.Text(
        "MLP208", $"a weight is given for the class '{name}', which the data do not have", expected: $"one of {List(known)}"));

    public static DataFormatException NoRows(string what) => new($"the {what} data are empty", expected: "at least one row", found: "none");

    public static DataFormatException Row(string what, long row, string? expected = null, string? found = null) => new(
        Invariant($"{what} in row {row}"), expected: expected, found: found);

    public static InvalidOperationException NothingAligned(int spans) => new(Errors.Text(
        "MLP202", Invariant($"none of the {spans} training spans begins and ends where tokens do"),
        advice: "Check the offsets: the C# API counts UTF-16 units with an exclusive end, files count Unicode code points by default"));

    public static ArgumentException NoExamples() => new(Errors.Text("MLP205", "the task has no examples", expected: "at least one"));

    public static InvalidDataException StateDoesNotFit(string name, string expected, string got) => new(Errors.Text(
        "MLP206", $"the training state '{name}' does not fit", expected: expected, got: got, advice: "The checkpoint was made by another version or with other options"));

    public static ArgumentException NotASpanHead(string id) => new(Errors.Text(
        "MLP207", $"the component '{id}' cannot be used as a head", expected: "a component whose Options implement ISpanHeadOptions"));

    public static ArgumentException NoMaskToken() => new(Errors.Text(
        "MLP209", "the vocabulary has no entry '[MASK]'", advice: "Add one, or let the vocabulary be built from the texts"));

    public static InvalidOperationException NoLanguageModel(string encoder) => new(Errors.Text(
        "MLP210", $"the encoder '{encoder}' has no masked-language-model head", expected: "an architecture that implements IMaskedLanguageModel"));

    public static ArgumentException OtherRun(string directory, string key, string saved, string now) => new(Errors.Text(
        "MLP211", $"the state in '{directory}' belongs to a run with other settings", $"'{key}'", saved, now, "Repeat the settings of the interrupted run, or start anew without Resume"));

    public static ArgumentException OtherData() => new(Errors.Text(
        "MLP212", "the state of the interrupted run belongs to other data or another model", advice: "Give the same training, validation and unlabelled data, or start anew without Resume"));

    public static ArgumentException NothingToTuneOn() => new(Errors.Text(
        "MLP213", "thresholds cannot be tuned without validation data", advice: "Give ValidationData (--valid), set a ValidationFraction aside, or leave Thresholds at zero"));

    static string List(IReadOnlyList<string> items)
    {
        const int Shown = 20;
        return string.Join(", ", items.Take(Shown).Select(item => $"'{item}'")) + (items.Count > Shown ? " and more" : "");
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
