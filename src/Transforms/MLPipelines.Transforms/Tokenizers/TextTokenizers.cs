using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Tokenizers;

/// <summary>Makes the tokenizer that a vocabulary calls for, or another one by name.</summary>
/// <remarks>
/// Where no tokenizer is named, a vocabulary of Chinese words, in which more than two entries of a hundred are such words, is read by <see cref="JiebaTextTokenizer"/>, and every other
/// by <see cref="WordPieceTextTokenizer"/>; so is one of words in a build without jieba's dictionary.
/// </remarks>
public static class TextTokenizers
{
    // A few words among characters, such as the names of months in a mixed vocabulary, do not make it one of words.
    const double ShareOfWords = 0.02;

    /// <summary>Makes a tokenizer for a vocabulary file: UTF-8, one entry a line, the first line has id 0.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokenizer">A component of the kind <c>tokenizer</c>; null leaves the choice to the vocabulary.</param>
    /// <param name="lowerCase">Whether text is lower-cased; null leaves it to the tokenizer.</param>
    /// <exception cref="DataFormatException">An entry is missing, empty or there twice; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no such tokenizer, or its options are not valid.</exception>
    public static ITextTokenizer FromFile(string path, ComponentReference? tokenizer = null, bool? lowerCase = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var vocabulary = VocabularyFile.Read(path).Entries;
        return Create(vocabulary, tokenizer, Suited(vocabulary), new() { ["lowerCase"] = lowerCase });
    }

    /// <summary>Makes a tokenizer for the entries of a vocabulary.</summary>
    /// <param name="vocabulary">The entries; the index is the id.</param>
    /// <param name="tokenizer">A component of the kind <c>tokenizer</c>; null leaves the choice to the vocabulary.</param>
    /// <param name="lowerCase">Whether text is lower-cased; null leaves it to the tokenizer.</param>
    /// <exception cref="DataFormatException">An entry is missing, empty or there twice.</exception>
    /// <exception cref="ArgumentException">There is no such tokenizer, or its options are not valid.</exception>
    public static ITextTokenizer FromVocabulary(IReadOnlyList<string> vocabulary, ComponentReference? tokenizer = null, bool? lowerCase = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return Create(vocabulary, tokenizer, Suited(vocabulary), new() { ["lowerCase"] = lowerCase });
    }

    /// <summary>Whether a vocabulary was made for text cut into Chinese words.</summary>
    internal static bool IsOfWords(IReadOnlyList<string> vocabulary) => CountWords(vocabulary) > ShareOfWords * vocabulary.Count;

    /// <summary>The number of entries that are Chinese words of at least two characters.</summary>
    internal static int CountWords(IReadOnlyList<string> vocabulary) => vocabulary.Count(entry => entry.Length >= 2 && entry.All(character => character is >= '\u4E00' and <= '\u9FFF'));

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="vocabulary">Its entries.</param>
    /// <param name="tokenizer">The component that was asked for; null where none was.</param>
    /// <param name="suited">The class to take then.</param>
    /// <param name="settings">Options of some tokenizers: in use are those that this one has and that are not null, unless <paramref name="tokenizer"/> says otherwise.</param>
    internal static ITextTokenizer Create(IReadOnlyList<string> vocabulary, ComponentReference? tokenizer, Type suited, JsonObject settings)
    {
        var component = tokenizer?.Find<ITextTokenizer>(ComponentRegistry.OfApplication()) ?? ComponentInfo.Of(suited);
        var options = tokenizer?.Options?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in settings)
        {
            var isOption = component.OptionsType?.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is not null;
            if (value is not null && isOption && !options.Any(option => option.Key.Equals(name, StringComparison.OrdinalIgnoreCase))) options[name] = value.DeepClone();
        }

        return component.Create<ITextTokenizer>(
            component.OptionsType is null ? null : OptionsJson.Read(component.OptionsType, JsonSerializer.SerializeToElement(options), component.Id), [vocabulary]);
    }

    static Type Suited(IReadOnlyList<string> vocabulary) => IsOfWords(vocabulary) && JiebaDictionary.IsBuiltIn ? typeof(JiebaTextTokenizer) : typeof(WordPieceTextTokenizer);
}
