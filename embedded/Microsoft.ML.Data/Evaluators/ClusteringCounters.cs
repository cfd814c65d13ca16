namespace Microsoft.ML.Data;

/// <summary>Counts what the metrics of a clustering are made of.</summary>
internal sealed class ClusteringCounters(int clusters, int featureCount)
{
    private readonly double[] _rowsOfCluster = new double[clusters];
    private readonly List<double[]> _table = [];
    private readonly double[][] _centroids = [.. Enumerable.Range(0, clusters).Select(_ => new double[featureCount])];
    private readonly double[] _distances = new double[clusters];
    private double _rows;
    private double _scores;
    private bool _hasMeans;

    public double AverageDistance => _scores / _rows;

    public double NormalizedMutualInformation
    {
        get
        {
            if (_table.Count <= 1)
                return double.NaN;
            double shared = 0, entropy = 0;
            foreach (var row in _table)
            {
                double ofClass = row.Sum() / _rows;
                if (ofClass <= 0)
                    continue;
                entropy -= ofClass * Math.Log(ofClass);
                for (int cluster = 0; cluster < clusters; cluster++)
                {
                    double both = row[cluster] / _rows;
                    if (both > 0)
                        shared += both * Math.Log(both / (ofClass * _rowsOfCluster[cluster] / _rows));
                }
            }
            return shared / entropy;
        }
    }

    public double DaviesBouldinIndex
    {
        get
        {
            if (featureCount == 0)
                return 0;
            double sum = 0;
            for (int i = 0; i < clusters; i++)
            {
                double worst = 0;
                for (int j = 0; j < clusters && _rowsOfCluster[i] > 0; j++)
                {
                    if (i == j || _rowsOfCluster[j] == 0)
                        continue;
                    double separation = Math.Sqrt(_centroids[i].Zip(_centroids[j], (a, b) => (a - b) * (a - b)).Sum());
                    worst = Math.Max(worst, (_distances[i] / _rowsOfCluster[i] + _distances[j] / _rowsOfCluster[j]) / separation);
                }
                sum += worst;
            }
            return sum / clusters;
        }
    }

    public void Add(int cluster, float score, int label, VBuffer<float> features)
    {
        while (_table.Count <= label)
            _table.Add(new double[clusters]);
        _table[label][cluster]++;
        _rowsOfCluster[cluster]++;
        _rows++;
        _scores += score;
        if (featureCount == 0)
            return;
        foreach (var (slot, value) in features.Items())
            _centroids[cluster][slot] += value;
    }

    /// <summary>Second pass: how far each row is from the mean of its cluster.</summary>
    public void AddScatter(int cluster, VBuffer<float> features)
    {
        if (!_hasMeans)
        {
            for (int i = 0; i < clusters; i++)
            {
                for (int slot = 0; slot < featureCount; slot++)
                    _centroids[i][slot] /= Math.Max(_rowsOfCluster[i], 1);
            }
            _hasMeans = true;
        }
        double squares = 0;
        foreach (var (slot, value) in features.Items(all: true))
            squares += (value - _centroids[cluster][slot]) * (value - _centroids[cluster][slot]);
        _distances[cluster] += Math.Sqrt(squares);
    }
}
