namespace Microsoft.ML.Numeric;

/// <summary>Ends a minimisation when the improvements' mean, the latest weighing most, falls below a tolerance, or after so many iterations.</summary>
internal sealed class MeanImprovement(float tolerance, float forgetting, int iterations)
{
    private float _sum;

    public bool IsReached(float before, float after, int iteration)
    {
        _sum = before - after + (forgetting * _sum);
        float mean = _sum * (1 - forgetting) / (1 - (float)Math.Pow(forgetting, iteration));
        return mean < tolerance || iteration >= iterations;
    }
}
