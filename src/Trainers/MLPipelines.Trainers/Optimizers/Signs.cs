using System.Numerics;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>1, 0 or −1. Zero has no sign, and neither has what is not a number.</summary>
static class Signs
{
    public static Vector<float> Of(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero)
        - Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);

    public static float Of(float x) => x > 0 ? 1 : x < 0 ? -1 : 0;
}
