using System.Globalization;
using MLPipelines.Components;

namespace MLPipelines;

/// <summary>Every message of this assembly, codes MLP100 to MLP199: one method per message.</summary>
static partial class Failures
{
    /// <summary>MLP100: a name is none of the possible ones.</summary>
    public static ArgumentException UnknownChoice(string kind, string name, IEnumerable<string> known)
        => new(Errors.Text("MLP100", $"there is no {kind} '{name}'", expected: $"one of {List(known)}"));

    /// <summary>MLP101: a sequence is longer than the encoder accepts.</summary>
    public static ArgumentOutOfRangeException SequenceTooLong(long length, int maximum)
        => new(paramName: null, Errors.Text("MLP101", "the sequence is longer than the encoder accepts", expected: Invariant($"at most {maximum} tokens, special tokens included"),
            got: Invariant($"{length}"), advice: "Split the text with TextWindows, or use an encoder with a larger MaximumLength"));

    /// <summary>MLP102: an encoder cannot be part of a larger model.</summary>
    public static ArgumentException EncoderIsNoModule(Type encoder)
        => new(Errors.Text("MLP102", $"'{encoder.FullName}' cannot be part of a model", expected: "an encoder that derives from nn.Module<EncoderInput, Tensor>"));

    /// <summary>MLP106: a head cannot be part of a larger model.</summary>
    public static ArgumentException HeadIsNoModule(Type head)
        => new(Errors.Text("MLP106", $"'{head.FullName}' cannot be part of a model", expected: "a head that derives from nn.Module<Tensor, Tensor>"));

    /// <summary>MLP103: parts of a model do not fit each other.</summary>
    public static ArgumentException PartsDoNotFit(string what, long expected, long got)
        => new(Errors.Text("MLP103", what, expected: Invariant($"{expected}"), got: Invariant($"{got}")));

    /// <summary>MLP104: an attachment has the name of a file that the model itself needs.</summary>
    public static ArgumentException AttachmentName(string name) => new(Errors.Text("MLP104", $"an attachment cannot be named '{name}'", advice: "The model has a file of that name already; choose another"));

    /// <summary>MLP107: a model has two scores of one name.</summary>
    public static ArgumentException LabelTwice(string label) => new(Errors.Text("MLP107", $"the label '{label}' is there twice", expected: "labels that differ"));

    /// <summary>MLP108: key values are of a type that a model cannot keep.</summary>
    public static ArgumentException KeyValueType(Type type)
        => new(Errors.Text("MLP108", "the key values are of a type that a model cannot keep", expected: "an array of numbers, Booleans, dates or time spans, or nothing for text", got: type.ToString()));

    /// <summary>MLP105: a component is not an encoder that can be sized.</summary>
    public static ArgumentException NoEncoderOptions(ComponentInfo component)
        => new(Errors.Text("MLP105", $"'{component.Id}' cannot be used as an encoder", expected: "a component whose Options implement IEncoderOptions<Options>", got: component.Type.FullName));

    /// <summary>MLP109: classifiers that are to vote do not know the same classes.</summary>
    public static ArgumentException VotesOnOtherClasses(string first, string second, string expected, string got)
        => new(Errors.Text("MLP109", $"the columns '{first}' and '{second}' stand for other classes", expected: expected, got: got,
            advice: "Train all classifiers on the same key column, so that they have the same classes in the same order"));

    /// <summary>MLP110: a vocabulary has no entries.</summary>
    public static DataFormatException VocabularyEmpty(string? file) => new("the vocabulary is empty", file, expected: "one entry a line, [PAD], [UNK], [CLS] and [SEP] among them", found: "no entries");

    /// <summary>MLP111: a special entry is missing from a vocabulary.</summary>
    public static DataFormatException VocabularyLacks(IEnumerable<string> entries, string? file)
        => new($"the vocabulary lacks {List(entries)}", file, expected: "one entry a line, [PAD], [UNK], [CLS] and [SEP] among them", found: "no such line");

    /// <summary>MLP112: a line of a vocabulary is empty.</summary>
    public static DataFormatException VocabularyLineEmpty(string? file, int line) => new("a vocabulary entry is empty", file, line, expected: "one entry", found: "an empty line");

    /// <summary>MLP113: an entry occurs twice in a vocabulary.</summary>
    public static DataFormatException VocabularyEntryTwice(string entry, string? file, int line, int first)
        => new($"the vocabulary entry '{entry}' occurs twice", file, line, expected: "every entry once", found: Invariant($"the entry of line {first} again"));

    /// <summary>MLP114: a part of a saved model is not described as it should be.</summary>
    public static InvalidDataException PartMalformed(Type part)
        => new(Errors.Text("MLP114", "a part of the model is not described as it should be", part.Name, "its component, assembly and options", advice: "The file is damaged or of another version"));

    /// <summary>MLP115: a part of a saved model cannot be made again.</summary>
    public static InvalidDataException PartCannotBeMade(Type part, Exception inner)
        => new(Errors.Text("MLP115", "a part of the model cannot be made", part.Name, got: inner.Message.TrimEnd('.'), advice: "The file is damaged or of another version"), inner);

    /// <summary>MLP116: a package of one component is given to another.</summary>
    public static InvalidDataException OtherComponent(string expected, string got)
        => new(Errors.Text("MLP116", "the model is for another task", expected: $"'{expected}'", got: $"'{got}'", advice: "Load it with the command or catalog of its own task"));

    /// <summary>MLP117: a package says that it is larger than it is.</summary>
    public static InvalidDataException WeightsTooFew(decimal expected, decimal got)
        => new(Errors.Text("MLP117", "the model holds fewer weights than its options say", expected: Invariant($"at least {expected:F0} numbers"), got: Invariant($"{got:F0}"), advice: "The file is damaged or was made to do harm"));

    /// <summary>MLP118: the library was built without jieba's dictionary.</summary>
    public static InvalidOperationException NoJiebaDictionary()
        => new(Errors.Text("MLP118", "Chinese text cannot be cut into words, because this build of MLPipelines.Transforms has no jieba dictionary",
            advice: "Use a build made where the NuGet feed serves the package jieba.NET (eng/setup.sh asks; delete eng/local.props to have it ask again)"));

    /// <summary>MLP120: the scorer has been disposed.</summary>
    public static ObjectDisposedException Disposed(object instance)
        => new(instance.GetType().Name, Errors.Text("MLP120", "the model has been disposed and cannot score any more", advice: "Keep the transformer until the last row has been read"));

    /// <summary>MLP121: a row mapper is given a row of another schema than it was made for.</summary>
    public static ArgumentException OtherSchema()
        => new(Errors.Text("MLP121", "the row has another schema than the mapper was made for", advice: "Call GetRowToRowMapper with the schema of the row"));

    /// <summary>MLP122: fewer than two classifiers are to vote.</summary>
    public static ArgumentException TooFewVotes(int got)
        => new(Errors.Text("MLP122", "too few input columns are named", expected: "at least two", got: Invariant($"{got}"), advice: "Name the columns with the probabilities of all classifiers in InputColumns"));

    static string List(IEnumerable<string> items) => string.Join(", ", items.Select(item => $"'{item}'"));

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
