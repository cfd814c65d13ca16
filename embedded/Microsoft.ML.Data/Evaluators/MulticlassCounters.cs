namespace Microsoft.ML.Data;

/// <summary>Sums over rows from which the metrics of a classification into classes are made.</summary>
internal sealed class MulticlassCounters(int classCount)
{
    // A probability below this counts as this in the log-loss; a Single, as scores are.
    private const float LeastProbability = 1e-15f;

    private readonly double[] _rowsOfClass = new double[classCount];
    private readonly double[] _logLossOfClass = new double[classCount];
    private readonly double[] _rowsOfRank = new double[classCount + 1];
    private double _rows;
    private double _right;
    private double _logLoss;

    /// <summary>Rows by label, then by predicted class.</summary>
    public double[][] Confusion { get; } = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];

    public double MicroAccuracy => _rows > 0 ? _right / _rows : 0;

    public double MacroAccuracy => Enumerable.Range(0, classCount).Where(c => _rowsOfClass[c] > 0)
        .Select(c => Confusion[c][c] / _rowsOfClass[c]).DefaultIfEmpty(0).Average();

    public double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    public double LogLossReduction
    {
        get
        {
            double entropy = 0;
            foreach (double rows in _rowsOfClass)
                entropy += rows == 0 ? 0 : rows * Math.Log(rows / _rows);
            entropy /= -_rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => [.. _logLossOfClass.Select((sum, c) => _rowsOfClass[c] > 0 ? sum / _rowsOfClass[c] : 0)];

    public double[] TopKAccuracies(int k)
    {
        double sum = 0;
        return [.. _rowsOfRank.Take(k).Select(rows => sum += rows / _rows)];
    }

    /// <param name="label">The class counted from 0; one beyond the scores is a class that the model does not know.</param>
    /// <param name="scores">A probability per class.</param>
    public void Add(int label, ReadOnlySpan<float> scores)
    {
        bool known = label < scores.Length;
        float ofLabel = known ? scores[label] : 0;
        double logLoss = -Math.Log(Math.Min(1, Math.Max(LeastProbability, ofLabel)));
        int rank = 0, predicted = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > ofLabel || (scores[i] == ofLabel && i < label))
                rank++;
            if (scores[i] > scores[predicted])
                predicted = i;
        }

        _rows++;
        _logLoss += logLoss;
        _rowsOfRank[rank]++;
        if (!known)
            return;
        _rowsOfClass[label]++;
        _logLossOfClass[label] += logLoss;
        _right += rank == 0 ? 1 : 0;
        Confusion[label][rank == 0 ? label : predicted]++;
    }
}
