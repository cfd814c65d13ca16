using System.Globalization;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How often rows of each class were predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly IHost _host;
    private readonly string[] _classNames;
    private string _formatted;

    internal ConfusionMatrix(IHost host, double[][] counts, string[] classNames)
    {
        _host = host;
        _classNames = classNames;
        NumberOfClasses = counts.Length;
        Counts = Array.ConvertAll(counts, IReadOnlyList<double> (row) => Array.AsReadOnly(row));
        PerClassRecall = [.. counts.Select((row, c) => Share(row[c], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, c) => Share(row[c], counts.Sum(other => other[c])))];
    }

    /// <summary>Per class, the share of rows predicted as it that are of it; 0 where none is.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Per class, the share of its rows that are predicted as it; 0 where it has none.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>Rows by actual class, then by predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        const string Message = "Invalid index. Should be non-negative, less than the number of classes.";
        _host.CheckParam(predictedClassIndicatorIndex >= 0 && predictedClassIndicatorIndex < NumberOfClasses, nameof(predictedClassIndicatorIndex), Message);
        _host.CheckParam(actualClassIndicatorIndex >= 0 && actualClassIndicatorIndex < NumberOfClasses, nameof(actualClassIndicatorIndex), Message);
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    /// <summary>The matrix as a table for people to read.</summary>
    public string GetFormattedConfusionTable() => _formatted ??= Format();

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    private string Format()
    {
        var culture = CultureInfo.CurrentCulture;
        int cellWidth = NumberOfClasses == 2 ? 8 : 5;
        int nameWidth = _classNames.Max(name => name.Length);
        // Names too wide for a cell stand in front of the rows only; the header shows numbers instead.
        bool isNumbered = nameWidth > cellWidth;
        int digits = (NumberOfClasses - 1).ToString(culture).Length;
        int margin = Math.Max(9, isNumbered ? nameWidth + digits + 2 : nameWidth);
        var pad = new string(' ', margin - 9);
        var rule = new string('=', NumberOfClasses * (NumberOfClasses > 2 ? 8 : 11));

        var text = new StringBuilder();
        text.AppendLine().AppendLine("Confusion table");
        text.AppendLine(culture, $"          {pad}||{rule}");
        text.Append(culture, $"PREDICTED {pad}||");
        for (int i = 0; i < NumberOfClasses; i++)
            text.Append(culture, $" {(isNumbered ? i.ToString(culture) : _classNames[i]).PadLeft(cellWidth)} |");
        text.AppendLine(" Recall");
        text.AppendLine(culture, $"TRUTH     {pad}||{rule}");
        for (int i = 0; i < NumberOfClasses; i++)
        {
            text.Append(isNumbered
                ? $"{i.ToString(culture).PadLeft(digits)}. {_classNames[i].PadLeft(margin - digits - 2)} ||"
                : $"{_classNames[i].PadLeft(margin)} ||");
            foreach (double count in Counts[i])
                text.Append(culture, $" {count.ToString("N0", culture).PadLeft(cellWidth)} |");
            text.AppendLine(culture, $" {PerClassRecall[i],5:F4}");
        }
        text.AppendLine(culture, $"          {pad}||{rule}");
        text.Append(culture, $"Precision {pad}||");
        foreach (double precision in PerClassPrecision)
            text.Append(culture, $"{precision.ToString("N4", culture).PadLeft(cellWidth + 1)} |");
        return text.AppendLine().ToString();
    }
}
