namespace MLPipelines.Host;

/// <summary>How lines hold texts.</summary>
internal enum TextFormat
{
    /// <summary>By the file's extension (.jsonl, .ndjson, .json, .tsv, .csv, .txt); otherwise JSON lines if the first line begins with <c>{</c>, and plain text if not.</summary>
    Auto,

    /// <summary>A JSON object in each line.</summary>
    JsonLines,

    /// <summary>The line is the text.</summary>
    Text,

    /// <summary>Fields between tabs, quotation marks being ordinary characters; the first line names the fields.</summary>
    Tsv,

    /// <summary>Fields between commas, quoted where they contain commas, quotation marks doubled inside; the first line names the fields.</summary>
    Csv,
}
