using System.Numerics.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Numeric;

/// <summary>
/// How to go down a smooth function plus an L1 penalty on all but the first values: within one orthant at a time, with a step that is shortened until it helps.
/// Source: Andrew and Gao, Scalable training of L1-regularized log-linear models, 2007.
/// </summary>
internal sealed class SparseDescent(int biasCount, float penalty, bool nonNegative) : Descent(nonNegative)
{
    private const float Decrease = 1e-4f;
    private const float Shortening = 0.25f;
    private const int MostTries = 8;

    public override void MakeFeasible(float[] first)
    {
        for (int i = biasCount; NonNegative && i < first.Length; i++)
            first[i] = Math.Max(first[i], 0);
    }

    public override float Evaluate(DifferentiableFunction function, float[] point, float[] gradient)
    {
        float sum = 0;
        for (int i = biasCount; i < point.Length; i++)
            sum += Math.Abs(point[i]);
        return (penalty * sum) + function(point, gradient);
    }

    public override void ChooseDirection(DescentState state, CurvatureHistory history)
    {
        for (int i = 0; i < state.Direction.Length; i++)
            state.Direction[i] = state.Steepest[i] = i < biasCount ? -state.Gradient[i] : Steepest(state.Point[i], state.Gradient[i]);
        history.MultiplyByInverseHessian(state.Direction);
        KeepZeros(state);
    }

    public override bool LineSearch(IChannel channel, DifferentiableFunction function, DescentState state, bool force)
    {
        CheckedSlope(channel, state, -TensorPrimitives.Dot<float>(state.Direction, state.Steepest));
        float length = FirstLength(state);
        float gain = Move(state, length);
        if (gain < 0)
        {
            for (int i = biasCount; i < state.Direction.Length; i++)
            {
                if (state.Steepest[i] * state.Direction[i] < 0)
                    state.Direction[i] = 0;
            }
            gain = Move(state, length);
        }
        for (int tries = 1; ; tries++)
        {
            state.Value = function(state.NewPoint, state.NewGradient);
            if (state.Value <= state.LastValue - (Decrease * gain))
                return true;
            if (!force && tries == MostTries)
                return false;
            length *= Shortening;
            gain = Move(state, length);
        }
    }

    private float Steepest(float value, float gradient)
    {
        if (NonNegative)
            return value > 0 ? -gradient - penalty : -Math.Min(gradient + penalty, 0);
        if (value < 0 || (value == 0 && gradient > penalty))
            return -gradient + penalty;
        return value > 0 || gradient < -penalty ? -gradient - penalty : 0;
    }

    /// <summary>Goes so far, but not across 0.</summary>
    /// <returns>What the way counts along the steepest one.</returns>
    private float Move(DescentState state, float length)
    {
        TensorPrimitives.MultiplyAdd(state.Direction, length, state.Point, state.NewPoint);
        for (int i = biasCount; i < state.NewPoint.Length; i++)
        {
            if (NonNegative ? state.NewPoint[i] < 0 : state.Point[i] * state.NewPoint[i] < 0)
                state.NewPoint[i] = 0;
        }
        return TensorPrimitives.Dot<float>(state.Steepest, state.NewPoint) - TensorPrimitives.Dot<float>(state.Steepest, state.Point);
    }
}
