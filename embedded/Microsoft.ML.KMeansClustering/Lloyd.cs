using System.Numerics.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Moves each centroid to the mean of the rows that are nearest to it, until that helps no more. The weights of the rows do not count, and a centroid that no row is near
/// moves to 0, both as in ML.NET. A row is not looked at while bounds on its distances show that its centroid is still the nearest.
/// Source of the bounds: Ding et al., Yinyang k-means, 2015.
/// </summary>
internal sealed class Lloyd
{
    private readonly IHost _host;
    private readonly FeatureRows _rows;
    private readonly float[][] _centroids;
    private readonly float[] _norms;
    private readonly float[][] _sums;
    private readonly int[] _sizes;
    private readonly float[] _moves;
    private float _greatestMove;

    // Per row: its centroid, and bounds on its distances from that and from any other one.
    private readonly int[] _nearest;
    private readonly float[] _upper;
    private readonly float[] _lower;

    public Lloyd(IHost host, FeatureRows rows, float[][] centroids)
    {
        (_host, _rows, _centroids) = (host, rows, centroids);
        _norms = Array.ConvertAll(centroids, centroid => Distances.SquaredNorm(centroid));
        _sums = Array.ConvertAll(centroids, centroid => new float[centroid.Length]);
        _sizes = new int[centroids.Length];
        _moves = new float[centroids.Length];
        _nearest = new int[rows.Count];
        _upper = new float[rows.Count];
        _lower = new float[rows.Count];
        Array.Fill(_nearest, -1);
    }

    public void Improve(int iterations, float tolerance)
    {
        double before = double.PositiveInfinity;
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            _host.CheckAlive();
            double score = Assign();
            Move();
            if (Math.Abs(before - score) < tolerance)
                return;
            before = score;
        }
    }

    /// <returns>The mean of the distances of the rows that were looked at, without the rows' own part.</returns>
    private double Assign()
    {
        Array.Clear(_sizes);
        double score = 0;
        int row = 0;
        foreach (var (features, _) in _rows.Read())
        {
            if (!KeepsItsCentroid(row))
                score += Assign(row, features);
            _sizes[_nearest[row]]++;
            row++;
        }
        return score / row;
    }

    private bool KeepsItsCentroid(int row)
    {
        if (_nearest[row] < 0)
            return false;
        _upper[row] += _moves[_nearest[row]];
        _lower[row] -= _greatestMove;
        return _upper[row] < _lower[row];
    }

    private float Assign(int row, float[] features)
    {
        var (nearest, distance, second) = Distances.Nearest(features, _centroids, _norms);
        float own = Distances.SquaredNorm(features);
        _upper[row] = MathF.Sqrt(own + distance);
        _lower[row] = MathF.Sqrt(own + second);
        int previous = _nearest[row];
        if (previous != nearest)
        {
            TensorPrimitives.Add(_sums[nearest], features, _sums[nearest]);
            if (previous >= 0)
                TensorPrimitives.Subtract(_sums[previous], features, _sums[previous]);
        }
        _nearest[row] = nearest;
        return distance;
    }

    private void Move()
    {
        _greatestMove = 0;
        for (int i = 0; i < _centroids.Length; i++)
        {
            var moved = new float[_centroids[i].Length];
            TensorPrimitives.Multiply(_sums[i], _sizes[i] > 1 ? (float)(1.0 / _sizes[i]) : 1, moved);
            _moves[i] = TensorPrimitives.Distance<float>(moved, _centroids[i]);
            _greatestMove = Math.Max(_greatestMove, _moves[i]);
            _centroids[i] = moved;
            _norms[i] = Distances.SquaredNorm(moved);
        }
    }
}
