namespace Microsoft.ML;

/// <summary>Creates the generators that ML.NET's seeds stand for.</summary>
internal static class RandomUtils
{
    public static float NextSingle(this Random random)
    {
        if (random is TauswortheHybrid hybrid)
        {
            return hybrid.NextSingle();
        }
        float value;
        do
        {
            value = (float)random.NextDouble();
        }
        while (value >= 1);
        return value;
    }

    public static TauswortheHybrid Create() => new(new Random());

    public static TauswortheHybrid Create(int? seed) => seed is { } value ? Create(value) : Create();

    public static TauswortheHybrid Create(int seed) => Create(unchecked((uint)seed));

    public static TauswortheHybrid Create(uint seed) => new(new TauswortheHybrid.State(seed));

    public static TauswortheHybrid Create(Random seed) => new(seed);
}
