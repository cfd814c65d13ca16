namespace Microsoft.ML.Numeric;

/// <summary>Where a minimisation is, and the point that it tries next.</summary>
internal sealed class DescentState(float[] first)
{
    public float[] Point { get; private set; } = first;

    public float[] Gradient { get; private set; } = new float[first.Length];

    public float[] NewPoint { get; private set; } = new float[first.Length];

    public float[] NewGradient { get; private set; } = new float[first.Length];

    public float[] Direction { get; } = new float[first.Length];

    /// <summary>The way down without the curvature.</summary>
    public float[] Steepest { get; } = new float[first.Length];

    /// <summary>The value at <see cref="Point"/>.</summary>
    public float LastValue { get; set; }

    /// <summary>The value at <see cref="NewPoint"/>.</summary>
    public float Value { get; set; }

    /// <summary>Counted from 1.</summary>
    public int Iteration { get; private set; } = 1;

    /// <summary>The new point becomes the point.</summary>
    public void Advance()
    {
        (LastValue, Value) = (Value, LastValue);
        (Point, NewPoint) = (NewPoint, Point);
        (Gradient, NewGradient) = (NewGradient, Gradient);
        Iteration++;
    }

    public PrematureConvergenceException Premature(string message) => new(message, NewPoint, Value);
}
