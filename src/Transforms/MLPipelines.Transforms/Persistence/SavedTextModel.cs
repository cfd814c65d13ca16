using System.Text;
using System.Text.Json.Nodes;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;

namespace MLPipelines.Persistence;

/// <summary>What every saved text model has: a tokenizer with its vocabulary, and an encoder. Weights are the model's own business.</summary>
static class SavedTextModel
{
    /// <summary>The file with the vocabulary.</summary>
    public const string VocabularyName = "vocab.txt";

    /// <summary>The options of a package, to which a model adds its own.</summary>
    public static JsonObject Write(ITextTokenizer tokenizer, IEncoder encoder)
        => new() { ["tokenizer"] = SavedComponent.Write(tokenizer, tokenizer.Settings), ["encoder"] = SavedComponent.Write(encoder, encoder.Settings) };

    /// <summary>The files of a package: the vocabulary, and those that travel with the model unread.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(ITextTokenizer tokenizer, IReadOnlyDictionary<string, byte[]>? attachments = null)
        => new Dictionary<string, byte[]>(attachments ?? new Dictionary<string, byte[]>()) { [VocabularyName] = Encoding.UTF8.GetBytes(string.Concat(tokenizer.Vocabulary.Select(entry => entry + "\n"))) };

    /// <summary>The files that travel with the model unread.</summary>
    public static IReadOnlyDictionary<string, byte[]> Attachments(ModelPackage package) => package.Files.Where(file => file.Key != VocabularyName).ToDictionary(StringComparer.Ordinal);

    /// <summary>Makes tokenizer and encoder again; the encoder without its weights, and only if the package holds as many as it needs.</summary>
    /// <exception cref="InvalidDataException">The package is damaged.</exception>
    public static (ITextTokenizer Tokenizer, IEncoder Encoder) Read(ModelPackage package)
    {
        if (SavedComponent.ReadOptions(package.Options["encoder"]) is IParameterCount count) CheckSize(package, count.CountParameters());
        IReadOnlyList<string> vocabulary = [.. Encoding.UTF8.GetString(package.File(VocabularyName)).Split('\n').SkipLast(1)];
        return (SavedComponent.Create<ITextTokenizer>(package.Options["tokenizer"], [vocabulary]), SavedComponent.Create<IEncoder>(package.Options["encoder"]));
    }

    /// <summary>Makes a head for an encoder, and joins them; only if the package holds as many weights as both need.</summary>
    /// <param name="package">The package.</param>
    /// <param name="encoder">The encoder; disposed when anything fails.</param>
    /// <param name="parameters">The number of parameters of the head.</param>
    /// <param name="join">Makes the head and the model, which owns the encoder.</param>
    /// <exception cref="InvalidDataException">The package is damaged.</exception>
    public static TModel Join<TModel>(ModelPackage package, IEncoder encoder, decimal parameters, Func<TModel> join)
    {
        try
        {
            CheckSize(package, encoder, parameters);
            return join();
        }
        catch
        {
            (encoder as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Fails unless the package holds as many weights as an encoder and what is joined to it need.</summary>
    /// <param name="package">The package.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="parameters">The number of parameters of what is joined to it.</param>
    /// <exception cref="InvalidDataException">The package is damaged.</exception>
    public static void CheckSize(ModelPackage package, IEncoder encoder, decimal parameters) => CheckSize(package, parameters + ((encoder.Settings as IParameterCount)?.CountParameters() ?? 0));

    /// <summary>A label that is there twice; null where there is none.</summary>
    public static string? Twice(IReadOnlyList<string> labels)
    {
        var seen = new HashSet<string>(labels.Count, StringComparer.Ordinal);
        return labels.FirstOrDefault(label => !seen.Add(label));
    }

    static void CheckSize(ModelPackage package, decimal needed)
    {
        var present = package.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1m, (product, size) => product * size));
        if (needed > present) throw Failures.WeightsTooFew(needed, present);
    }
}
