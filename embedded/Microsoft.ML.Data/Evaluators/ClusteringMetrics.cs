namespace Microsoft.ML.Data;

/// <summary>How good a clustering is.</summary>
public sealed class ClusteringMetrics
{
    internal ClusteringMetrics(double nmi, double avgMinScore, double dbi)
    {
        NormalizedMutualInformation = nmi;
        AverageDistance = avgMinScore;
        DaviesBouldinIndex = dbi;
    }

    /// <summary>The information that clusters and labels share, divided by the labels' entropy; NaN without labels.</summary>
    public double NormalizedMutualInformation { get; }

    /// <summary>The mean of the smallest score of each row; for K-means the squared distance to the nearest centroid.</summary>
    public double AverageDistance { get; }

    /// <summary>The mean over the clusters of their worst ratio of scatter to separation; 0 where no features were named.</summary>
    public double DaviesBouldinIndex { get; }
}
