using System.Globalization;
using System.IO.Compression;

namespace MLPipelines.Host.Models;

/// <summary>Refuses model files that would unpack to far more than they are: ML.NET unpacks a model to the disk before anything in it can be checked.</summary>
/// <remarks>Weights hardly compress; words, trees and settings do by 3 to 10 times.</remarks>
internal static class PackedSize
{
    private const long Harmless = 64L << 20;
    private const int LargestRatio = 16;

    /// <summary>Checks a file that was opened; reading goes on at its beginning.</summary>
    internal static void Check(Stream model, string path)
    {
        try
        {
            using var zip = new ZipArchive(model, ZipArchiveMode.Read, leaveOpen: true);
            var unpacked = zip.Entries.Aggregate(0m, (sum, entry) => sum + entry.Length);
            if (unpacked > Math.Max(Harmless, LargestRatio * (decimal)model.Length))
            {
                throw new UsageException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: this is not a readable model: its {model.Length:N0} bytes would unpack to {unpacked:N0}, expected at most {LargestRatio} times as many. The file is damaged or was made to do harm."));
            }
        }
        catch (InvalidDataException)
        {
            // Not a zip: what reads it says so.
        }

        model.Position = 0;
    }
}
