using System.Numerics.Tensors;

namespace Microsoft.ML.Numeric;

/// <summary>The last steps and the changes of the gradient that they made, which tell the curvature.</summary>
internal sealed class CurvatureHistory(int capacity)
{
    private readonly List<(float[] Step, float[] Change, float Product)> _entries = [];

    public void Clear() => _entries.Clear();

    public void Add(DescentState state)
    {
        var (step, change) = _entries.Count == capacity ? (_entries[0].Step, _entries[0].Change) : (new float[state.Point.Length], new float[state.Point.Length]);
        TensorPrimitives.Subtract(state.NewPoint, state.Point, step);
        TensorPrimitives.Subtract(state.NewGradient, state.Gradient, change);
        float product = TensorPrimitives.Dot<float>(step, change);
        if (product == 0)
            throw state.Premature("ro equals zero. Is your function linear?");
        if (_entries.Count == capacity)
            _entries.RemoveAt(0);
        _entries.Add((step, change, product));
    }

    /// <summary>Multiplies by the estimated inverse Hessian, in two loops over the history.</summary>
    public void MultiplyByInverseHessian(float[] direction)
    {
        var used = _entries.Where(entry => entry.Product > 0).ToArray();
        if (used.Length == 0)
            return;
        var alphas = new float[used.Length];
        for (int i = used.Length - 1; i >= 0; i--)
        {
            alphas[i] = -TensorPrimitives.Dot<float>(used[i].Step, direction) / used[i].Product;
            AddMultiple(used[i].Change, alphas[i], direction);
        }
        var last = used[^1];
        TensorPrimitives.Multiply(direction, last.Product / TensorPrimitives.Dot<float>(last.Change, last.Change), direction);
        for (int i = 0; i < used.Length; i++)
        {
            float beta = TensorPrimitives.Dot<float>(used[i].Change, direction) / used[i].Product;
            AddMultiple(used[i].Step, -alphas[i] - beta, direction);
        }
    }

    private static void AddMultiple(float[] vector, float factor, float[] sums) => TensorPrimitives.MultiplyAdd(vector, factor, sums, sums);
}
