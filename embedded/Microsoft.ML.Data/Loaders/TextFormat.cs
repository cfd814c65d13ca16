using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The checked form of the text, as model files store it.</summary>
internal sealed class TextFormat
{
    [Flags]
    private enum Flags : uint
    {
        None = 0,
        TrimWhitespace = 0x01,
        HasHeader = 0x02,
        AllowQuoting = 0x04,
        AllowSparse = 0x08,
        ReadMultilines = 0x10,
        MissingRealsAsNaNs = 0x20,
        All = 0x3F
    }

    private readonly Flags _flags;

    public TextFormat(IExceptionContext ectx, TextLoader.Options options)
    {
        _flags = (options.TrimWhitespace ? Flags.TrimWhitespace : 0)
            | (options.HasHeader && string.IsNullOrWhiteSpace(options.HeaderFile) ? Flags.HasHeader : 0)
            | (options.AllowQuoting ? Flags.AllowQuoting : 0)
            | (options.AllowSparse ? Flags.AllowSparse : 0)
            | (options.AllowQuoting && options.ReadMultilines ? Flags.ReadMultilines : 0)
            | (options.MissingRealsAsNaNs ? Flags.MissingRealsAsNaNs : 0);
        MaxRows = options.MaxRows ?? long.MaxValue;
        ectx.CheckUserArg(MaxRows >= 0, nameof(options.MaxRows), "Must be non-negative");
        InputSize = Math.Min(options.InputSize ?? 0, int.MaxValue - 1);
        ectx.CheckUserArg(InputSize >= 0, nameof(options.InputSize), "Must be non-negative");
        ectx.CheckUserArg(options.Separators?.Length > 0, nameof(options.Separators), "Must specify a separator");
        Separators = [.. options.Separators.Distinct()];
        foreach (char separator in Separators)
        {
            if (separator is (< ' ' and not '\t') or (>= '0' and <= '9') or '"')
                throw ectx.ExceptUserArg("Separator", $"Illegal separator: '{separator}'");
        }
        ectx.CheckUserArg(!AllowSparse || !Separators.Contains(':'), "Separator", "When the separator is colon, turn off allowSparse");
        DecimalMarker = options.DecimalMarker;
        if (DecimalMarker is not ('.' or ','))
            throw ectx.ExceptUserArg(nameof(options.DecimalMarker), $"Decimal marker cannot be the '{DecimalMarker}' character. It must be '.' or ','.");
        ectx.CheckUserArg(AllowQuoting || DecimalMarker != ',' || !Separators.Contains(','), nameof(options.AllowQuoting),
            "Quoting must be allowed if decimal marker and separator are the ',' character.");
        EscapeChar = options.EscapeChar;
        if (Separators.Contains(EscapeChar))
            throw ectx.ExceptUserArg(nameof(options.EscapeChar), $"EscapeChar '{EscapeChar}' can't be used both as EscapeChar and separator");
    }

    public TextFormat(IExceptionContext ectx, BinaryReader reader)
    {
        ectx.CheckDecode(reader.ReadInt32() == sizeof(float), "Unknown size of numbers");
        MaxRows = reader.ReadInt64();
        _flags = (Flags)reader.ReadUInt32();
        InputSize = reader.ReadInt32();
        int separatorCount = reader.ReadInt32();
        ectx.CheckDecode(MaxRows > 0 && (_flags & ~Flags.All) == 0 && InputSize is >= 0 and < int.MaxValue && separatorCount is > 0 and <= char.MaxValue,
            "Corrupt text format");
        var separators = new List<char>();
        for (int i = 0; i < separatorCount; i++)
            separators.Add((char)reader.ReadInt16());
        Separators = [.. separators];
        EscapeChar = reader.ReadChar();
        DecimalMarker = reader.ReadChar();
        ectx.CheckDecode(DecimalMarker is '.' or ',' && !Separators.Contains(EscapeChar), "Corrupt text format");
    }

    public bool TrimWhitespace => _flags.HasFlag(Flags.TrimWhitespace);

    public bool HasHeader => _flags.HasFlag(Flags.HasHeader);

    public bool AllowQuoting => _flags.HasFlag(Flags.AllowQuoting);

    public bool AllowSparse => _flags.HasFlag(Flags.AllowSparse);

    public bool ReadMultilines => _flags.HasFlag(Flags.ReadMultilines);

    public bool MissingRealsAsNaNs => _flags.HasFlag(Flags.MissingRealsAsNaNs);

    public long MaxRows { get; }

    /// <summary>The number of fields per line; 0 where lines tell.</summary>
    public int InputSize { get; }

    public char[] Separators { get; }

    public char DecimalMarker { get; }

    public char EscapeChar { get; }

    public void Save(BinaryWriter writer)
    {
        writer.Write(sizeof(float));
        writer.Write(MaxRows);
        writer.Write((uint)_flags);
        writer.Write(InputSize);
        writer.Write(Separators.Length);
        foreach (char separator in Separators)
            writer.Write((short)separator);
        writer.Write(EscapeChar);
        writer.Write(DecimalMarker);
    }
}
