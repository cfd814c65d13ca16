using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Encoders;

/// <summary>What the settings of every family of encoders have in common, so that a trainer can size an encoder without knowing its family.</summary>
/// <param name="VocabularySize">Rows of the token embedding.</param>
/// <param name="Layers">Depth in transformer layers, each an attention and a feed-forward part. A family with other blocks takes as many as do the same work.</param>
/// <param name="HiddenSize">Width of the vectors.</param>
/// <param name="Heads">Attention heads; a family with one head does not use it.</param>
/// <param name="MaximumLength">The longest sequence, special tokens included.</param>
/// <param name="Dropout">Probability of dropping an element, in [0, 1), of hidden vectors and of attention weights.</param>
public sealed record EncoderShape(int VocabularySize, int Layers, int HiddenSize, int Heads, int MaximumLength, double Dropout)
{
    /// <summary>Whether the token embedding's gradient holds the rows of the batch only.</summary>
    /// <value>The default is true. False where the embedding is also the output map, as in pre-training.</value>
    public bool SparseGradients { get; init; } = true;

    /// <summary>The options of a family of encoders for this shape.</summary>
    /// <param name="encoder">An encoder whose <c>Options</c> are <see cref="IEncoderOptions{TSelf}"/>.</param>
    /// <param name="overrides">Options of that family, by their names in JSON, that replace or add to what the shape says.</param>
    /// <exception cref="ArgumentException">The component is no such encoder, or the options are not valid.</exception>
    public IEncoderOptions OptionsOf(ComponentInfo encoder, JsonObject? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.OptionsType is not { } type || !type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEncoderOptions<>)))
            throw Failures.NoEncoderOptions(encoder);
        var make = typeof(EncoderShape).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);
        var json = OptionsJson.Write(make.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [this], culture: null)!);
        foreach (var (name, value) in overrides ?? []) json[SameKey(json, name)] = value?.DeepClone();
        return (IEncoderOptions)OptionsJson.Read(type, JsonSerializer.SerializeToElement(json), encoder.Id);
    }

    // Options are read without regard to case, and a key given twice is an error.
    static string SameKey(JsonObject json, string name) => json.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key ?? name;

    static T Make<T>(EncoderShape shape)
        where T : IEncoderOptions<T> => T.FromShape(shape);
}
