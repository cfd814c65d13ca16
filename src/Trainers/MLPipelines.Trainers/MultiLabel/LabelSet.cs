namespace MLPipelines.Trainers.MultiLabel;

/// <summary>The labels of a model in the order of its scores.</summary>
sealed class LabelSet(IReadOnlyList<string> names)
{
    readonly Dictionary<string, int> indices = names.Select((name, index) => (name, index)).ToDictionary(x => x.name, x => x.index, StringComparer.Ordinal);

    public IReadOnlyList<string> Names => names;

    public int Count => names.Count;

    /// <summary>The labels that occur in rows, in ordinal order.</summary>
    public static LabelSet OfRows(IEnumerable<IReadOnlyList<GivenLabel>> rows) =>
        new([.. rows.SelectMany(labels => labels).Select(label => label.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>The places of a row's labels in the set.</summary>
    /// <param name="given">The labels of a row.</param>
    /// <param name="row">The row's number, for messages.</param>
    /// <param name="data">What the rows are, for messages; null where there are no others.</param>
    /// <exception cref="Components.DataFormatException">A label is none of the set.</exception>
    public (int Label, float Probability)[] Places(IReadOnlyList<GivenLabel> given, long row, string? data = null) =>
        [.. given.Select(label => (indices.TryGetValue(label.Name, out var index) ? index : throw TrainerErrors.UnknownLabel(label.Name, row, names, data), label.Probability))];

    /// <summary>One probability for each label of the set; 0 for those that are not given. The larger one counts where a label is given twice.</summary>
    public float[] Dense((int Label, float Probability)[] places)
    {
        var targets = new float[names.Count];
        foreach (var (label, probability) in places) targets[label] = Math.Max(targets[label], probability);
        return targets;
    }
}
