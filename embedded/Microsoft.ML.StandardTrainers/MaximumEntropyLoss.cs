using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>−log of the softmax probability of the row's class: scores = bias + weights·features for each class.</summary>
internal sealed class MaximumEntropyLoss(int classes, int features) : IRowLoss
{
    public int BiasCount => classes;

    public float Add(in TrainingRows.Row row, float[] weights, float[] gradient)
    {
        Span<float> scores = classes <= 256 ? stackalloc float[classes] : new float[classes];
        for (int c = 0; c < classes; c++)
            scores[c] = weights[c] + SparseVectors.Dot(weights.AsSpan(classes + (c * features), features), row.Features);
        float logSum = SoftMax.LogSum(scores);
        float loss = logSum - scores[row.Label];
        Contracts.Check(float.IsFinite(loss), "Data contain bad values.");
        for (int c = 0; c < classes; c++)
        {
            float probability = (float)Math.Exp(scores[c] - logSum);
            float factor = row.Weight * (probability - (c == row.Label ? 1 : 0));
            if (factor == 0)
                continue;
            SparseVectors.AddMultiple(row.Features, factor, gradient.AsSpan(classes + (c * features), features));
            gradient[c] += factor;
        }
        return row.Weight * loss;
    }
}
