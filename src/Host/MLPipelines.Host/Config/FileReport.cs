using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Tokenizers;

namespace MLPipelines.Host.Config;

/// <summary>What one data file contains and what stands out about it.</summary>
internal sealed class FileReport
{
    private const int RareBelow = 5;

    private readonly Dictionary<string, (string Signature, long Row)> _texts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _labels = new(StringComparer.Ordinal);
    private readonly Tally _duplicates = new();
    private readonly Tally _contradictions = new();
    private readonly Tally _empty = new();
    private readonly Tally _unlabeled = new();
    private readonly Tally _off = new();
    private readonly Tally _long = new();
    private readonly Tally _shortened = new();
    private readonly int? _limit;
    private readonly bool _hasText;
    private readonly bool _isLabeled;

    /// <param name="name">The file.</param>
    /// <param name="data">Its rows.</param>
    /// <param name="columns">Where texts and labels are.</param>
    /// <param name="tokenizer">Counts tokens; null when the steps do not tell how texts are cut.</param>
    /// <param name="limit">The longest sequence that the encoder reads at once.</param>
    internal FileReport(string name, IDataView data, DataColumns columns, ITextTokenizer? tokenizer, int? limit)
    {
        (Name, _limit, _hasText, _isLabeled) = (name, limit, columns.Text is not null, columns.Label is not null);
        foreach (var row in DataRow.Read(data, columns))
        {
            Rows++;
            Count(row);
            if (tokenizer is not null)
            {
                Measure(row, row.Sequences.Select(tokenizer.Tokenize).MaxBy(tokens => tokens.Count)!);
            }
        }
    }

    internal string Name { get; }

    internal long Rows { get; private set; }

    internal IReadOnlyDictionary<string, long> Labels => _labels;

    /// <summary>Rows by length: up to a quarter of the limit, a half, three quarters, the limit, and beyond; empty without a tokenizer.</summary>
    internal long[] Lengths { get; } = new long[5];

    internal bool HasLengths => Lengths.Sum() > 0;

    /// <summary>Texts that another file has too.</summary>
    internal long OverlapWith(FileReport other) => _texts.Keys.LongCount(other._texts.ContainsKey);

    internal IEnumerable<string> Advice()
    {
        if (Rows == 0)
        {
            yield return $"{Name}: there are no rows.";
        }

        if (_empty.Count > 0)
        {
            yield return $"{Name}: {_empty} have no text. Remove them.";
        }

        if (_isLabeled && _unlabeled.Count == Rows && Rows > 0 && _labels.Count == 0)
        {
            yield return $"{Name}: no row has a label. Check the names of the fields.";
        }

        if (_contradictions.Count > 0)
        {
            yield return $"{Name}: {_contradictions} have the text of an earlier row but other labels. Decide which are right: the model cannot learn both.";
        }

        if (_duplicates.Count > 0)
        {
            yield return $"{Name}: {_duplicates} repeat an earlier row. Remove them, unless some texts are meant to count more.";
        }

        if (_off.Count > 0)
        {
            yield return $"{Name}: {_off} have spans that do not begin and end where tokens do, and so cannot be learned. Check the offsets (code points or utf16?), and spaces at the ends of spans.";
        }

        if (_long.Count > 0)
        {
            yield return $"{Name}: {_long} are longer than {_limit} tokens and are read in overlapping windows. A larger maximumLength reads them at once, at more cost.";
        }

        if (_shortened.Count > 0)
        {
            yield return $"{Name}: {_shortened} are pairs of more than {_limit} tokens and are shortened at the end of the longer text, since pairs are not read in windows. A larger maximumLength keeps all of them, at more cost.";
        }

        var rare = _labels.Where(label => label.Value < RareBelow).Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Key} ({label.Value})")).ToList();
        if (rare.Count > 0)
        {
            yield return $"{Name}: fewer than {RareBelow} examples each: {string.Join(", ", rare.Take(12))}{(rare.Count > 12 ? $" and {rare.Count - 12} more" : "")}. Collect more, or join labels.";
        }
    }

    internal JsonObject Describe() => new()
    {
        ["file"] = Name,
        ["rows"] = Rows,
        ["labels"] = new JsonObject(_labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))),
        ["lengths"] = HasLengths ? new JsonArray([.. Lengths.Select(count => JsonValue.Create(count))]) : null,
        ["duplicates"] = _duplicates.Count,
        ["contradictions"] = _contradictions.Count,
        ["empty"] = _empty.Count,
        ["unlabeled"] = _unlabeled.Count,
        ["off_token_boundaries"] = _off.Count,
        ["too_long"] = _long.Count,
        ["shortened"] = _shortened.Count,
    };

    private void Count(DataRow row)
    {
        foreach (var label in row.Labels)
        {
            _labels[label] = _labels.GetValueOrDefault(label) + 1;
        }

        if (row.Labels.Count == 0 && row.Score is null)
        {
            _unlabeled.Add(row);
        }

        if (!_hasText)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(row.Text))
        {
            _empty.Add(row);
        }

        var signature = row.Signature;
        if (!_texts.TryAdd(row.Text, (signature, row.Number)))
        {
            (_texts[row.Text].Signature == signature ? _duplicates : _contradictions).Add(row);
        }
    }

    private void Measure(DataRow row, TokenizedText tokens)
    {
        if (_limit is { } limit)
        {
            // The tokens that begin and end every sequence, and stand between the texts of a pair, count too.
            var length = tokens.Count + (row.IsPair ? 3 : 2);
            Lengths[Math.Min(4, (length - 1) * 4 / limit)]++;
            if (length > limit)
            {
                (row.IsPair ? _shortened : _long).Add(row);
            }
        }

        if (row.Spans.Any(span => Array.IndexOf(tokens.Starts, span.Start) < 0 || Array.IndexOf(tokens.Ends, span.End) < 0))
        {
            _off.Add(row);
        }
    }

    /// <summary>A number of rows and the first of them.</summary>
    private sealed class Tally
    {
        private readonly List<long> _first = [];

        internal long Count { get; private set; }

        internal void Add(DataRow row)
        {
            if (Count++ < 3)
            {
                _first.Add(row.Number);
            }
        }

        public override string ToString() => $"{Count} row{(Count == 1 ? "" : "s")} ({string.Join(", ", _first)}{(Count > 3 ? ", …" : "")})";
    }
}
