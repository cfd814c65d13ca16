using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>(Σ loss + L2/2·|w|²) / Σ weight, with its gradient; the biases carry no penalty.</summary>
internal sealed class RegularizedLoss(TrainingRows rows, IRowLoss loss, float l2)
{
    public float Evaluate(float[] weights, float[] gradient)
    {
        float scale = 1 / (float)rows.WeightSum;
        float value = rows.Add((in TrainingRows.Row row, float[] sums) => loss.Add(in row, weights, sums), gradient);
        float penalty = 0;
        if (l2 > 0)
        {
            double squares = 0;
            for (int i = loss.BiasCount; i < weights.Length; i++)
            {
                squares += weights[i] * weights[i];
                gradient[i] += l2 * weights[i];
            }
            penalty = (float)(squares * l2 * 0.5);
        }
        TensorPrimitives.Multiply(gradient, scale, gradient);
        return (value + penalty) * scale;
    }
}
