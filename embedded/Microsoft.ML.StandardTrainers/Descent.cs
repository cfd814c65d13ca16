using System.Numerics.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Numeric;

/// <summary>How to go down a smooth function: along the gradient, by a step that satisfies the strong Wolfe conditions. Source: Nocedal and Wright, 3.5 and 3.6.</summary>
internal class Descent(bool nonNegative)
{
    private const float Decrease = 1e-4f;
    private const float Curvature = 0.9f;
    private const float LeastChange = 0.01f;
    private const int MostZooms = 10;

    protected bool NonNegative { get; } = nonNegative;

    public static void CheckFinite(IChannel channel, float value)
    {
        if (!float.IsFinite(value))
            throw channel.Except("Optimizer unable to proceed with loss function yielding {0}", value);
    }

    /// <summary>Moves first weights to where they may be.</summary>
    public virtual void MakeFeasible(float[] first)
    {
    }

    /// <summary>The value of the problem, given the smooth part of it.</summary>
    public virtual float Evaluate(DifferentiableFunction function, float[] point, float[] gradient) => function(point, gradient);

    public virtual void ChooseDirection(DescentState state, CurvatureHistory history)
    {
        for (int i = 0; i < state.Direction.Length; i++)
        {
            float down = -state.Gradient[i];
            state.Direction[i] = state.Steepest[i] = NonNegative && !(state.Point[i] > 0) ? -Math.Min(state.Gradient[i], 0) : down;
        }
        history.MultiplyByInverseHessian(state.Direction);
        if (NonNegative)
            KeepZeros(state);
    }

    /// <returns>False where no step was found; never where the search is forced.</returns>
    public virtual bool LineSearch(IChannel channel, DifferentiableFunction function, DescentState state, bool force)
    {
        float slope = CheckedSlope(channel, state, TensorPrimitives.Dot<float>(state.Direction, state.Gradient));
        float decrease = Decrease * slope;
        float curvature = Curvature * slope;
        float length = FirstLength(state);
        var last = new Step(0, state.LastValue, slope);
        Step low, high;
        while (true)
        {
            Move(state, length);
            float value = state.Value = function(state.NewPoint, state.NewGradient);
            if (float.IsPositiveInfinity(value))
            {
                length /= 2;
                continue;
            }
            var current = Measure(channel, state, length);
            if (value > state.LastValue + (decrease * length) || (last.Length > 0 && value >= last.Value))
            {
                (low, high) = (last, current);
                break;
            }
            if (Math.Abs(current.Slope) <= -curvature)
                return true;
            if (current.Slope >= 0)
            {
                (low, high) = (current, last);
                break;
            }
            last = current;
            length = length == 0 ? float.Epsilon : length * 2;
        }

        for (int zoom = 0; ; zoom++)
        {
            if (zoom == MostZooms && !force)
                return false;
            length = Between(low, high);
            Move(state, length);
            state.Value = function(state.NewPoint, state.NewGradient);
            var current = Measure(channel, state, length);
            if (current.Value > state.LastValue + (decrease * length) || current.Value >= low.Value)
            {
                if (high.Length == current.Length)
                    return force ? throw channel.Process(state.Premature("Step size interval numerically zero.")) : false;
                high = current;
                continue;
            }
            if (Math.Abs(current.Slope) <= -curvature)
                return true;
            if (current.Slope * (high.Length - low.Length) >= 0)
                high = low;
            if (low.Length == current.Length)
                return force ? throw channel.Process(state.Premature("Step size interval numerically zero.")) : false;
            low = current;
        }
    }

    protected static float CheckedSlope(IChannel channel, DescentState state, float slope)
    {
        if (slope == 0)
            throw channel.Process(state.Premature("Directional derivative is zero. You may be sitting on the optimum."));
        channel.Check(slope < 0, "L-BFGS chose a non-descent direction.");
        return slope;
    }

    protected static float FirstLength(DescentState state)
        => state.Iteration == 1 ? 1 / (float)Math.Sqrt(TensorPrimitives.SumOfSquares<float>(state.Direction)) : 1;

    /// <summary>The curvature must not move what stands still on the steepest way.</summary>
    protected static void KeepZeros(DescentState state)
    {
        for (int i = 0; i < state.Direction.Length; i++)
        {
            if (state.Steepest[i] == 0)
                state.Direction[i] = 0;
        }
    }

    private void Move(DescentState state, float length)
    {
        TensorPrimitives.MultiplyAdd(state.Direction, length, state.Point, state.NewPoint);
        if (NonNegative)
            TensorPrimitives.Max(state.NewPoint, 0f, state.NewPoint);
    }

    private static Step Measure(IChannel channel, DescentState state, float length)
    {
        CheckFinite(channel, state.Value);
        return new(length, state.Value, TensorPrimitives.Dot<float>(state.Direction, state.NewGradient));
    }

    /// <summary>The minimum of the cubic through two steps, kept off the ends of the interval.</summary>
    private static float Between(Step low, Step high)
    {
        var (left, right) = low.Length < high.Length ? (low, high) : (high, low);
        float length;
        if (left.Slope > 0 && right.Slope < 0)
        {
            length = low.Value < high.Value ? low.Length : high.Length;
        }
        else
        {
            double a = low.Slope + high.Slope - (3 * (low.Value - high.Value) / (low.Length - high.Length));
            double b = Math.Sign(high.Length - low.Length) * Math.Sqrt((a * a) - (low.Slope * high.Slope));
            length = (float)(high.Length - ((high.Length - low.Length) * (high.Slope + b - a) / (high.Slope - low.Slope + (2 * b))));
            if (!float.IsFinite(length))
                length = (low.Length + high.Length) / 2;
        }
        length = Math.Min(length, (LeastChange * left.Length) + ((1 - LeastChange) * right.Length));
        return Math.Max(length, (LeastChange * right.Length) + ((1 - LeastChange) * left.Length));
    }

    private readonly record struct Step(float Length, float Value, float Slope);
}
