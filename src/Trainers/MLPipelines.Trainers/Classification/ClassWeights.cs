using System.Globalization;

namespace MLPipelines.Trainers.Classification;

/// <summary>The weight of each class in the loss.</summary>
static class ClassWeights
{
    /// <param name="balance">Weights from the numbers of rows.</param>
    /// <param name="given">Weights of single classes, <c>name=weight</c>.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="rows">The class of each training row.</param>
    /// <returns>One weight for each class; null where all weigh 1.</returns>
    /// <exception cref="ArgumentException">A weight is given for an unknown class.</exception>
    public static double[]? Of(ClassBalance balance, IReadOnlyList<string>? given, ClassSet classes, IEnumerable<int> rows)
    {
        if (balance == ClassBalance.None && given is not { Count: > 0 }) return null;
        var counts = new long[classes.Count];
        foreach (var row in rows) counts[row]++;
        var (all, occurring) = (counts.Sum(), counts.Count(count => count > 0));
        var weights = Array.ConvertAll(counts, count => count == 0 || balance == ClassBalance.None ? 1.0 : (double)all / (occurring * count));
        if (balance == ClassBalance.SquareRoot) weights = Array.ConvertAll(weights, Math.Sqrt);
        foreach (var (name, weight) in (given ?? []).Select(text => Parse(text)!.Value))
        {
            weights[classes.IndexOf(name) ?? throw TrainerErrors.UnknownClassWeight(name, classes.Names)] *= weight;
        }
        return weights;
    }

    /// <summary>Reads <c>name=weight</c>; null where it is not of that form.</summary>
    public static (string Name, double Weight)? Parse(string text)
    {
        var at = text.LastIndexOf('=');
        return at > 0 && double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && weight > 0 && double.IsFinite(weight)
            ? (text[..at], weight)
            : null;
    }
}
