namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>The form of the text.</summary>
    public class Options
    {
        /// <summary>Fields may stand in double quotes, between which separators do not count.</summary>
        public bool AllowQuoting = Defaults.AllowQuoting;

        /// <summary>The end of a line may list the fields that are not zero as <c>index:value</c>.</summary>
        public bool AllowSparse = Defaults.AllowSparse;

        /// <summary>The number of fields per line, where it is not to be found out from the text.</summary>
        public int? InputSize;

        public char[] Separators = [Defaults.Separator];

        public char DecimalMarker = Defaults.DecimalMarker;

        public Column[] Columns;

        /// <summary>White space at the end of lines is dropped.</summary>
        public bool TrimWhitespace = Defaults.TrimWhitespace;

        /// <summary>The first line of each file names the fields.</summary>
        public bool HasHeader = Defaults.HasHeader;

        /// <summary>Accepted for compatibility; rows are parsed by the thread that reads them.</summary>
        public bool UseThreads = true;

        /// <summary>Quoted fields may contain line ends.</summary>
        public bool ReadMultilines = Defaults.ReadMultilines;

        /// <summary>A file whose first line names the fields; then none of the data files has a header.</summary>
        public string HeaderFile;

        public long? MaxRows;

        /// <summary>The character in front of a quote that belongs to a quoted field.</summary>
        public char EscapeChar = Defaults.EscapeChar;

        /// <summary>Empty fields of Single and Double columns are NaN instead of 0.</summary>
        public bool MissingRealsAsNaNs = Defaults.MissingRealsAsNaNs;
    }

    internal static class Defaults
    {
        internal const bool AllowQuoting = false;
        internal const bool AllowSparse = false;
        internal const char Separator = '\t';
        internal const char DecimalMarker = '.';
        internal const bool HasHeader = false;
        internal const bool TrimWhitespace = false;
        internal const bool ReadMultilines = false;
        internal const char EscapeChar = '"';
        internal const bool MissingRealsAsNaNs = false;
    }
}
